package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The C side of {@code pagewalk bench}: a program that prints the lines of limit.c. */
final class BenchInC implements BenchSide {
  private static final List<String> OPTIONS = List.of("-O3", "-mavx2");

  private final Path source;
  private final Path program;

  /**
   * Compiles {@code source} with {@code $CC} or {@code cc}.
   *
   * @param folder where the program is put
   * @throws InputException if there is no compiler, or it refuses
   */
  BenchInC(Path source, Path folder) throws IOException {
    this.source = source;
    this.program = folder.resolve("limit").toAbsolutePath();
    String compiler = Objects.requireNonNullElse(System.getenv("CC"), "cc");
    List<String> command =
        List.of(compiler, OPTIONS.get(0), OPTIONS.get(1), "-o", "" + program, "" + source);
    ChildProcess compilation;
    try {
      compilation = ChildProcess.run(command);
    } catch (IOException e) {
      throw new InputException("bench: --against-c: expected a C compiler, cc or $CC: " + e);
    }
    if (compilation.status() != 0) {
      throw new InputException(source.toString(), "", compilation.firstError());
    }
  }

  @Override
  public BenchLine run(String workload, int rounds) throws IOException {
    ChildProcess run = ChildProcess.run(List.of("" + program, "" + rounds, workload));
    if (run.status() != 0) {
      throw new InputException("" + source, "", "ended with exit status " + run.status());
    }
    return BenchLine.find(workload, run.output())
        .orElseThrow(() ->
            new InputException(
                "" + source, "", "expected it to print a line of limit.c for " + workload));
  }
}
