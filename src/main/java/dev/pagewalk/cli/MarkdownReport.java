package dev.pagewalk.cli;

import dev.pagewalk.vectors.VerifyReport;
import java.util.Locale;

/** The report of a verification in Markdown. */
final class MarkdownReport {
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport() {}

  /** The whole text. */
  static String of(VerifyReport report) {
    MarkdownReport writer = new MarkdownReport();
    writer.write(report);
    return writer.text.toString();
  }

  private void write(VerifyReport report) {
    line("# Pagewalk: %s", cell(String.join(", ", report.engines())));
    line("");
    line(
        "**%,d passed, %,d failed, %,d skipped**",
        report.passed(), report.failed(), report.skippedTotal());
    line("");
    causes(report);
    line("## Groups");
    line("");
    line("| group | passed | failed |");
    line("| --- | ---: | ---: |");
    report
        .groups()
        .forEach((group, count) ->
            line("| %s | %,d | %,d |", cell(group), count.passed(), count.failed()));
    report
        .scenarios()
        .forEach((group, count) ->
            line("| %s | %,d | %,d |", cell(group), count.all().passed(), count.all().failed()));
    line("");
    if (report.skippedTotal() > 0) {
      line("## Skipped");
      line("");
      report.skipped().forEach((why, count) -> line("- %,d: %s", count, cell(why)));
      line("");
    }
    failures(report);
  }

  private void causes(VerifyReport report) {
    if (report.examined() == 0) {
      return;
    }
    line("## Causes");
    line("");
    line(
        "%,d wrong answers were looked at, %,d of them are not explained.",
        report.examined(), report.unexplained());
    line("");
    for (VerifyReport.Cause cause : report.causes()) {
      line("- **`%s`**: %s", cause.deviation().id(), cell(cause.deviation().what()));
      line("  - needed for %,d of them; proof: `%s`", cause.answers(), cause.proof().id());
      line(
          "  - SDM 3A \"%s\": %s",
          cell(cause.deviation().section()), cell(cause.deviation().manual()));
    }
    line("");
  }

  private void failures(VerifyReport report) {
    if (report.failures().isEmpty()) {
      return;
    }
    line("## Failures");
    line("");
    if (report.failed() > report.failures().size()) {
      line("The first %,d of %,d.", report.failures().size(), report.failed());
      line("");
    }
    for (VerifyReport.Failure failure : report.failures()) {
      line("### `%s`", failure.place().id());
      line("");
      line("%s line %d", cell(failure.place().file()), failure.place().line());
      line("");
      for (VerifyReport.Answer answer : failure.answers()) {
        line("- by %s", cell(String.join(", ", answer.engines())));
        if (!answer.step().isEmpty()) {
          line("- %s", cell(answer.step()));
        }
        line("- expected `%s`", answer.expected());
        line("- got `%s`", answer.got().replace('`', '\''));
      }
      line("");
    }
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Text that begins nothing in Markdown. */
  private static String cell(String value) {
    return value.replaceAll("([\\\\|*_<>`#\\[\\]])", "\\\\$1");
  }
}
