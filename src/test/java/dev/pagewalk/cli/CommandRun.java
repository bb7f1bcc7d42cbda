package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the command line within this JVM, and what it printed.
 *
 * @param status the exit status
 * @param out what went to standard output
 * @param err what went to standard error
 */
record CommandRun(int status, String out, String err) {
  private static final Path IMAGES = Path.of("test-vectors", "images");
  static final String IMAGE = IMAGES.resolve("linux-6.1-4level.elf.gz").toString();
  static final String REGISTERS = IMAGES.resolve("linux-6.1-4level.registers.json").toString();

  /** Runs {@code pagewalk} with {@code args}. */
  static CommandRun of(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new CommandRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs {@code command} on the Linux image, with {@code more} behind the image's options. */
  static CommandRun onImage(String command, String... more) {
    List<String> args =
        new ArrayList<>(List.of(command, "--image", IMAGE, "--registers", REGISTERS));
    args.addAll(List.of(more));
    return of(args.toArray(String[]::new));
  }

  /** The same with {@code input} as standard input. */
  static CommandRun onImageWithInput(String input, String command, String... more) {
    List<String> args =
        new ArrayList<>(List.of(command, "--image", IMAGE, "--registers", REGISTERS));
    args.addAll(List.of(more));
    return withInput(input, args.toArray(String[]::new));
  }

  /** Runs {@code pagewalk} with {@code args} and {@code input} as standard input. */
  static CommandRun withInput(String input, String... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return of(args);
    } finally {
      System.setIn(before);
    }
  }

  /** The run was refused as bad input: status 2, one line that says {@code message}, no output. */
  void assertRefused(String message) {
    assertEquals(2, status, err);
    assertEquals("", out);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("pagewalk: "), err);
    assertTrue(err.contains(message), "expected \"" + message + "\" in: " + err);
    assertFalse(err.contains("Exception"), err);
  }
}
