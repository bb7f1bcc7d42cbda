package dev.pagewalk.cli;

import java.util.function.Supplier;

/**
 * One line on an interactive terminal that says how far a command is, and is gone in the end; on
 * another one nothing.
 */
final class ProgressLine {
  private static final long NANOS = 400_000_000;
  private static final String BEGINNING = "\r\033[K";

  private final Terminal terminal;
  private final boolean isShown;
  private long told = System.nanoTime();

  /** One that is not shown if the command's answer is for a program. */
  ProgressLine(Terminal terminal, boolean forProgram) {
    this.terminal = terminal;
    isShown = terminal.interactive() && !forProgram;
  }

  /** Shows {@code text}, unless the line has just been shown. */
  void tell(Supplier<String> text) {
    if (isShown && System.nanoTime() - told > NANOS) {
      told = System.nanoTime();
      terminal.err().print(BEGINNING + text.get());
      terminal.err().flush();
    }
  }

  /** Takes the line away. */
  void clear() {
    if (isShown) {
      terminal.err().print(BEGINNING);
      terminal.err().flush();
    }
  }
}
