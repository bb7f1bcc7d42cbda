package dev.pagewalk.cli;

import dev.pagewalk.vectors.Capture;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pagewalk capture}: records what a subject answers, as vectors with their provenance. */
@Command(
    name = "capture",
    description = {
      "Records what a subject answers to vectors, as vectors of format 1, with a file beside them"
          + " that says where they come from."
    })
final class CaptureCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private SubjectOptions subject;

  @Option(
      names = "--groups",
      paramLabel = "NAMES",
      split = ",",
      description = "of vectors that are asked, separated by commas (default: all)")
  private List<String> groups = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "where the vectors are written, NAME.jsonl; NAME.provenance.json is beside it")
  private Path out;

  @Parameters(
      paramLabel = "FILE|DIR",
      arity = "0..*",
      description = "vectors or folders of them (default: the project's test-vectors/walk)")
  private List<Path> paths = List.of();

  @Spec private CommandSpec command;

  CaptureCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (!subject.isGiven()) {
      throw new ParameterException(command.commandLine(), "missing --subject: who is asked");
    }
    List<Path> files = paths.isEmpty() ? List.of(VerifyCommand.defaultVectors("walk")) : paths;
    Set<String> wanted = new TreeSet<>(groups);
    Capture.Result result = new Capture(subject.options(), wanted, out).run(files);
    PrintStream text = terminal.out();
    result
        .skipped()
        .forEach((reason, count) -> text.printf(Locale.ROOT, "skipped %,d: %s%n", count, reason));
    text.println("Source: " + result.source());
    text.println("Provenance: " + result.provenance());
    text.printf(
        Locale.ROOT,
        "%d vectors in %s, %d of them new%n",
        result.vectors(),
        out,
        result.vectors() - result.before());
    return Main.OK;
  }
}
