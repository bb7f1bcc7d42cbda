package dev.pagewalk.cli;

import dev.pagewalk.vectors.Comparison;
import dev.pagewalk.vectors.Deviation;
import dev.pagewalk.vectors.VerifyReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagewalk compare}: two captures, and where they differ. */
@Command(
    name = "compare",
    description = {"Tells where two captures differ, and by which known mistakes."})
final class CompareCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "A", description = "a capture")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "another capture")
  private Path second;

  @Option(
      names = "--differences",
      converter = VerifyCommand.FailureCount.class,
      paramLabel = "N",
      description = "show the first N differences in full (default: 10)")
  private int most = 10;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  CompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Comparison.Result result = Comparison.of(first, second);
    if (asJson) {
      json(result);
    } else {
      text(result);
    }
    return result.differences().isEmpty() ? Main.OK : Main.NO;
  }

  private void text(Comparison.Result result) {
    PrintStream out = terminal.out();
    for (Comparison.Difference difference : result.differences().stream().limit(most).toList()) {
      out.println(terminal.style().bad("DIFFERS ") + terminal.style().strong(difference.id()));
      out.println("  " + difference.step());
      out.println("  " + first + ": " + difference.first());
      out.println("  " + second + ": " + difference.second());
    }
    explanation(out, first, result.first());
    explanation(out, second, result.second());
    out.printf(
        Locale.ROOT,
        "%d vectors in both, %d in %s alone, %d in %s alone%n",
        result.both(),
        result.onlyFirst(),
        first,
        result.onlySecond(),
        second);
    int count = result.differences().size();
    String totals = count + " differences";
    out.println(count == 0 ? terminal.style().good(totals) : terminal.style().bad(totals));
  }

  private void explanation(PrintStream out, Path file, Comparison.Explanation why) {
    if (why.wrong() == 0) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "Of the differences looked at, %s is not the manual's in %d, %d unexplained:%n",
        file,
        why.wrong(),
        why.unexplained());
    for (VerifyReport.Cause cause : why.causes()) {
      Deviation deviation = cause.deviation();
      out.printf(
          Locale.ROOT,
          "  %s: %s (%d; %s)%n",
          deviation.id(),
          deviation.what(),
          cause.answers(),
          cause.proof().id());
    }
  }

  private void json(Comparison.Result result) {
    try (JsonLines json = new JsonLines(terminal.out())) {
      json.begin()
          .number("both", result.both())
          .number("only_first", result.onlyFirst())
          .number("only_second", result.onlySecond())
          .number("differing", result.differences().size())
          .beginArray("differences");
      for (Comparison.Difference difference : result.differences().stream().limit(most).toList()) {
        json.begin()
            .text("id", difference.id())
            .text("step", difference.step())
            .text("first", difference.first())
            .text("second", difference.second())
            .end();
      }
      json.endArray();
      explanation(json, "first", result.first());
      explanation(json, "second", result.second());
      json.end();
    }
  }

  private static void explanation(JsonLines json, String side, Comparison.Explanation explanation) {
    json.begin(side)
        .number("not_the_manuals", explanation.wrong())
        .number("unexplained", explanation.unexplained())
        .beginArray("causes");
    for (VerifyReport.Cause cause : explanation.causes()) {
      json.begin()
          .text("cause", cause.deviation().id())
          .number("answers", cause.answers())
          .text("proof", cause.proof().id())
          .end();
    }
    json.endArray().end();
  }
}
