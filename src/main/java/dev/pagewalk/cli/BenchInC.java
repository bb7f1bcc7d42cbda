package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The C side of {@code pagewalk bench}: a program that prints the lines of limit.c. */
final class BenchInC {
  private static final Pattern ROUND = Pattern.compile("round (\\d+\\.\\d\\d) ns");

  private final Path source;
  private final Path program;

  /**
   * Compiles {@code source}.
   *
   * @param compiler the command that does it, words with blanks between them as in {@code $CC}; cc
   *     if it is null or blank
   * @param folder where the program is put
   * @throws InputException if there is no such compiler, or it refuses
   */
  BenchInC(String compiler, Path source, Path folder) throws IOException {
    this.source = source;
    this.program = folder.resolve("limit").toAbsolutePath();
    boolean named = compiler != null && !compiler.isBlank();
    List<String> command =
        new ArrayList<>(List.of((named ? compiler : "cc").strip().split("\\s+")));
    String name = command.getFirst();
    command.addAll(List.of("-O3", "-mavx2", "-o", "" + program, "" + source));
    ChildProcess compilation;
    try {
      compilation = ChildProcess.run(command);
    } catch (IOException e) {
      throw new InputException(
          "bench: --against-c: found no C compiler "
              + Failures.quote(name)
              + (named ? ", which CC names" : "")
              + ": install one, or give one by CC=COMMAND in the environment");
    }
    if (compilation.status() != 0) {
      throw new InputException(source.toString(), "", compilation.firstError());
    }
  }

  /** The program, for which {@code Opponent} of the benchmarks says what it is asked. */
  Path program() {
    return program;
  }

  /**
   * The line of {@code workload} in what the program said.
   *
   * @param said its output, and a last line with its exit status
   * @throws InputException if the program failed, or has no such line
   */
  BenchLine line(String workload, String said) throws InputException {
    String end = said.lines().reduce("", (line, next) -> next);
    if (!end.equals("exit status 0")) {
      throw new InputException("" + source, "", "ended with " + end);
    }
    return BenchLine.find(workload, said)
        .orElseThrow(() ->
            new InputException(
                "" + source, "", "expected it to print a line of limit.c for " + workload));
  }

  /** Nanoseconds an access of each round; empty if the program did not do them by turns. */
  static List<Double> rounds(String said) {
    return said.lines()
        .map(ROUND::matcher)
        .filter(Matcher::matches)
        .map(line -> Double.parseDouble(line.group(1)))
        .toList();
  }
}
