package dev.pagewalk.cli;

import dev.pagewalk.machine.sweep.SweepCsv;
import dev.pagewalk.machine.sweep.SweepRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagewalk sweep merge}: joins the parts of a sweep that ran with {@code --shard}. */
@Command(
    name = "merge",
    description = {
      "Joins the files of a sweep's parts. Refuses parts of different sweeps, and parts that have a"
          + " cell twice or lack one."
    })
final class SweepMergeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(arity = "1..*", paramLabel = "PART", description = "files that sweep --output wrote")
  private List<Path> parts;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "where the rows go, by cell (default: standard output)")
  private Path output;

  SweepMergeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (output != null) {
      SweepRows.merge(parts, output);
    } else {
      List<String> rows = SweepRows.merge(parts);
      terminal.out().println(SweepCsv.HEADER);
      rows.forEach(terminal.out()::println);
    }
    return Main.OK;
  }
}
