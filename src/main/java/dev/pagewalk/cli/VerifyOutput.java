package dev.pagewalk.cli;

import dev.pagewalk.vectors.Deviation;
import dev.pagewalk.vectors.VerifyReport;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** The report of a verification, for a person or a program. */
final class VerifyOutput {
  private VerifyOutput() {}

  /** Failures in full, a table of groups, the evidence, and the totals in the last line. */
  static void text(Terminal terminal, VerifyReport report) {
    PrintStream out = terminal.out();
    for (VerifyReport.Failure failure : report.failures()) {
      failure(terminal, failure);
    }
    long hidden = report.failed() - report.failures().size();
    if (hidden > 0) {
      out.printf(Locale.ROOT, "... and %,d more failures (--failures N shows more)%n%n", hidden);
    }
    if (!report.groups().isEmpty()) {
      groups(terminal, report);
    }
    if (!report.scenarios().isEmpty()) {
      ScenarioTable.text(terminal, report);
    }
    evidence(out, report);
    causes(terminal, report);
    for (Map.Entry<String, Long> skipped : report.skipped().entrySet()) {
      out.printf(Locale.ROOT, "skipped %,d: %s%n", skipped.getValue(), skipped.getKey());
    }
    out.println("Engines: " + String.join(", ", report.engines()));
    String totals =
        report.passed()
            + " passed, "
            + report.failed()
            + " failed, "
            + report.skippedTotal()
            + " skipped";
    Style style = terminal.style();
    out.println(report.failed() == 0 ? style.good(totals) : style.bad(totals));
  }

  private static void failure(Terminal terminal, VerifyReport.Failure failure) {
    PrintStream out = terminal.out();
    Style style = terminal.style();
    out.println(
        style.bad("FAILED ")
            + style.strong(failure.place().id())
            + "  "
            + failure.place().file()
            + " line "
            + failure.place().line());
    for (VerifyReport.Answer answer : failure.answers()) {
      out.println("  by        " + String.join(", ", answer.engines()));
      if (!answer.step().isEmpty()) {
        out.println("  " + answer.step());
      }
      out.println("  expected  " + answer.expected());
      out.println("  got       " + answer.got());
      answer.explanation().lines().forEach(line -> out.println("    " + line));
    }
    out.println();
  }

  /** The known mistakes that explain what a subject got wrong. */
  private static void causes(Terminal terminal, VerifyReport report) {
    PrintStream out = terminal.out();
    if (report.examined() == 0) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "Causes of the wrong answers (%,d of them looked at, %,d unexplained):%n",
        report.examined(),
        report.unexplained());
    for (VerifyReport.Cause cause : report.causes()) {
      Deviation deviation = cause.deviation();
      out.println(terminal.style().strong(deviation.id()) + ": " + deviation.what());
      out.printf(Locale.ROOT, "  needed for  %,d of them%n", cause.answers());
      out.println(
          "  proof       "
              + cause.proof().id()
              + ", "
              + cause.proof().file()
              + " line "
              + cause.proof().line());
      out.println("  manual      SDM 3A \"" + deviation.section() + "\": " + deviation.manual());
    }
    out.println();
  }

  private static void groups(Terminal terminal, VerifyReport report) {
    PrintStream out = terminal.out();
    int width = "group".length();
    for (String group : report.groups().keySet()) {
      width = Math.max(width, group.length());
    }
    out.println(terminal.style().strong(Page.pad("group", width) + "      passed      failed"));
    for (Map.Entry<String, VerifyReport.Count> group : report.groups().entrySet()) {
      VerifyReport.Count count = group.getValue();
      String failed = String.format(Locale.ROOT, "%,12d", count.failed());
      out.println(
          Page.pad(group.getKey(), width)
              + String.format(Locale.ROOT, "%,12d", count.passed())
              + (count.failed() == 0 ? failed : terminal.style().bad(failed)));
    }
    out.println();
  }

  private static void evidence(PrintStream out, VerifyReport report) {
    if (report.evidenceVectors() == 0) {
      return;
    }
    Set<String> sources = new LinkedHashSet<>();
    report.evidence().values().forEach(bySource -> sources.addAll(bySource.keySet()));
    out.printf(
        Locale.ROOT,
        "Evidence: %,d vectors on which the observers disagree.%n"
            + "Answers of each observer that a preset reproduces:%n",
        report.evidenceVectors());
    int width = report.evidence().keySet().stream().mapToInt(String::length).max().orElse(0);
    width = Math.max(10, width);
    out.print(Page.pad("preset", width));
    sources.forEach(source -> out.printf("%20s", source));
    out.println();
    for (Map.Entry<String, SequencedMap<String, VerifyReport.Count>> preset :
        report.evidence().entrySet()) {
      out.print(Page.pad(preset.getKey(), width));
      for (String source : sources) {
        VerifyReport.Count count = preset.getValue().get(source);
        String cell = count.passed() + " of " + (count.passed() + count.failed());
        out.printf("%20s", cell);
      }
      out.println();
    }
    out.println();
  }

  /** The whole report as one document. */
  static void json(Terminal terminal, VerifyReport report) {
    try (JsonLines json = new JsonLines(terminal.out())) {
      json.begin()
          .number("passed", report.passed())
          .number("failed", report.failed())
          .number("skipped", report.skippedTotal())
          .texts("engines", report.engines())
          .begin("groups");
      for (Map.Entry<String, VerifyReport.Count> group : report.groups().entrySet()) {
        json.begin(group.getKey())
            .number("passed", group.getValue().passed())
            .number("failed", group.getValue().failed())
            .end();
      }
      json.end();
      ScenarioTable.json(json, report);
      json.beginArray("failures");
      for (VerifyReport.Failure failure : report.failures()) {
        json.begin()
            .text("file", failure.place().file())
            .number("line", failure.place().line())
            .text("id", failure.place().id())
            .beginArray("answers");
        for (VerifyReport.Answer answer : failure.answers()) {
          json.begin()
              .texts("engines", answer.engines())
              .text("step", answer.step())
              .text("expected", answer.expected())
              .text("got", answer.got())
              .texts("explanation", answer.explanation().lines().toList())
              .end();
        }
        json.endArray().end();
      }
      json.endArray().begin("skipped_reasons");
      report.skipped().forEach(json::number);
      json.end().number("evidence_vectors", report.evidenceVectors()).begin("evidence");
      report
          .evidence()
          .forEach((preset, bySource) -> {
            json.begin(preset);
            bySource.forEach((source, count) ->
                json.begin(source)
                    .number("reproduced", count.passed())
                    .number("of", count.passed() + count.failed())
                    .end());
            json.end();
          });
      json.end();
      causes(json, report);
      json.end();
    }
  }

  private static void causes(JsonLines json, VerifyReport report) {
    json.number("wrong_answers_examined", report.examined())
        .number("wrong_answers_unexplained", report.unexplained())
        .beginArray("causes");
    for (VerifyReport.Cause cause : report.causes()) {
      json.begin()
          .text("cause", cause.deviation().id())
          .text("what", cause.deviation().what())
          .number("answers", cause.answers())
          .text("proof", cause.proof().id())
          .text("section", cause.deviation().section())
          .text("manual", cause.deviation().manual())
          .end();
    }
    json.endArray();
  }
}
