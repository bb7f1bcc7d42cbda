package dev.pagewalk.cli;

import dev.pagewalk.spec.Rule;
import dev.pagewalk.vectors.Deviation;
import dev.pagewalk.vectors.FuzzReport;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** What random vectors have shown, for a person or a program. */
final class FuzzOutput {
  private FuzzOutput() {}

  /** Findings, coverage by rule, causes, and the totals in the last line. */
  static void text(Terminal terminal, FuzzReport report, double seconds) {
    PrintStream out = terminal.out();
    Style style = terminal.style();
    for (FuzzReport.Finding finding : report.findings()) {
      out.println(style.bad("DIFFERS ") + style.strong(finding.id()) + "  " + causes(finding));
      if (!finding.step().isEmpty()) {
        out.println("  " + finding.step());
      }
      out.println("  expected  " + finding.expected());
      out.println("  got       " + finding.got());
      out.println("  vector    " + finding.vector());
      out.println();
    }
    out.println("Rules that decided, and how often:");
    for (Map.Entry<Rule, Long> rule : report.rules().entrySet()) {
      String name = rule.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-');
      out.printf(Locale.ROOT, "  %-18s %,12d%n", name, rule.getValue());
    }
    out.println();
    for (Map.Entry<Deviation, Long> cause : report.causes().entrySet()) {
      Deviation deviation = cause.getKey();
      out.println(style.strong(deviation.id()) + ": " + deviation.what());
      out.printf(Locale.ROOT, "  needed for  %,d wrong answers%n", cause.getValue());
      out.println("  manual      SDM 3A \"" + deviation.section() + "\": " + deviation.manual());
    }
    for (Map.Entry<String, Long> skipped : report.skipped().entrySet()) {
      out.printf(Locale.ROOT, "skipped %,d: %s%n", skipped.getValue(), skipped.getKey());
    }
    out.println("Subject: " + report.subject());
    String totals =
        String.format(
            Locale.ROOT,
            "%d vectors in %.0f s, %d situations, %d wrong, %d unexplained",
            report.asked(),
            seconds,
            report.situations(),
            report.wrong(),
            report.unexplained());
    out.println(report.wrong() == 0 ? style.good(totals) : style.bad(totals));
  }

  private static String causes(FuzzReport.Finding finding) {
    return finding.causes().isEmpty()
        ? "unexplained"
        : String.join(", ", finding.causes().stream().map(Deviation::id).sorted().toList());
  }

  /** All of it as one document. */
  static void json(Terminal terminal, FuzzReport report, double seconds) {
    try (JsonLines json = new JsonLines(terminal.out())) {
      json.begin()
          .text("subject", report.subject())
          .number("vectors", report.asked())
          .number("milliseconds", (long) (seconds * 1000))
          .number("situations", report.situations())
          .number("wrong", report.wrong())
          .number("unexplained", report.unexplained())
          .beginArray("causes");
      for (Map.Entry<Deviation, Long> cause : report.causes().entrySet()) {
        json.begin().text("cause", cause.getKey().id()).number("answers", cause.getValue()).end();
      }
      json.endArray().beginArray("findings");
      for (FuzzReport.Finding finding : report.findings()) {
        json.begin()
            .text("id", finding.id())
            .texts("causes", finding.causes().stream().map(Deviation::id).sorted().toList())
            .text("step", finding.step())
            .text("expected", finding.expected())
            .text("got", finding.got())
            .text("vector", finding.vector())
            .end();
      }
      json.endArray().begin("rules");
      report.rules().forEach((rule, hits) -> json.number(rule.name(), hits));
      json.end().begin("skipped_reasons");
      report.skipped().forEach(json::number);
      json.end().end();
    }
  }
}
