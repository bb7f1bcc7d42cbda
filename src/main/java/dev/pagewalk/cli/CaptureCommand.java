package dev.pagewalk.cli;

import dev.pagewalk.vectors.Capture;
import dev.pagewalk.vectors.SubjectVerification;
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
      description =
          "where the vectors are written, NAME.jsonl or NAME.jsonl.gz; NAME.provenance.json is"
              + " beside it")
  private Path out;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

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
    SubjectVerification.Options asked = subject.required(command);
    List<Path> files = paths.isEmpty() ? List.of(VerifyCommand.defaultVectors("walk")) : paths;
    Set<String> wanted = new TreeSet<>(groups);
    Capture capture = new Capture(asked, wanted, out);
    ProgressLine progress = new ProgressLine(terminal, asJson);
    Capture.Result result =
        capture.run(
            files, count -> progress.tell(() -> String.format(Locale.ROOT, "%,d vectors", count)));
    progress.clear();
    if (asJson) {
      json(result);
    } else {
      text(result);
    }
    return Main.OK;
  }

  private void text(Capture.Result result) {
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
  }

  private void json(Capture.Result result) {
    try (JsonLines json = new JsonLines(terminal.out())) {
      json.begin()
          .text("source", result.source())
          .text("provenance", result.provenance().toString())
          .number("vectors", result.vectors())
          .number("new", result.vectors() - result.before())
          .begin("skipped_reasons");
      result.skipped().forEach(json::number);
      json.end().end();
    }
  }
}
