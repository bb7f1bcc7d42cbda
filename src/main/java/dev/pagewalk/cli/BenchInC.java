package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The C side of {@code pagewalk bench}: a program that prints the lines of limit.c. */
final class BenchInC implements BenchSide {
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
