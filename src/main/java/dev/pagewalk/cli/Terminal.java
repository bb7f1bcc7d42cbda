package dev.pagewalk.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out answers; buffered, flushed when the command ends
 * @param err the one line about bad usage or input, and progress
 * @param style how answers are coloured
 * @param interactive whether a person watches: progress bars may be shown
 */
record Terminal(PrintStream out, PrintStream err, Style style, boolean interactive) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** The process's own streams, UTF-8, in colour if they are a terminal and NO_COLOR is unset. */
  static Terminal ofProcess() {
    var process = new FileOutputStream(FileDescriptor.out);
    var out =
        new PrintStream(new StandardOutput(process, BUFFER_BYTES), false, StandardCharsets.UTF_8);
    boolean interactive = isTerminal();
    boolean colour = interactive && isUnset("NO_COLOR") && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(out, System.err, colour ? Style.COLOUR : Style.PLAIN, interactive);
  }

  /** Any two streams, without colour or progress. */
  static Terminal plain(PrintStream out, PrintStream err) {
    return new Terminal(out, err, Style.PLAIN, false);
  }

  @SuppressWarnings("SystemConsoleNull") // a JDK may still have none, says its documentation
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** "NO_COLOR … when present and not an empty string" (no-color.org). */
  private static boolean isUnset(String variable) {
    String value = System.getenv(variable);
    return value == null || value.isEmpty();
  }
}
