package dev.pagewalk.cli;

import dev.pagewalk.vectors.VerifyReport;
import java.util.Locale;
import java.util.Map;

/**
 * The report of a verification in the XML that JUnit's readers know: a test case for each group,
 * one for each failure that is kept, and one for each reason to skip.
 */
final class JunitReport {
  private final StringBuilder text = new StringBuilder();

  private JunitReport() {}

  /** The whole document. */
  static String of(VerifyReport report) {
    JunitReport writer = new JunitReport();
    writer.write(report);
    return writer.text.toString();
  }

  private void write(VerifyReport report) {
    long groups = (long) report.groups().size() + report.scenarios().size();
    long failing =
        report.groups().values().stream().filter(count -> count.failed() > 0).count()
            + report.scenarios().values().stream()
                .filter(count -> count.all().failed() > 0)
                .count();
    long kept = report.failures().size();
    long skipped = report.skipped().size();
    line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    line(
        "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\">",
        escape("pagewalk: " + String.join(", ", report.engines())),
        groups + kept + skipped,
        failing + kept,
        skipped);
    report.groups().forEach(this::group);
    report.scenarios().forEach((group, count) -> group(group, count.all()));
    report.failures().forEach(this::failure);
    for (Map.Entry<String, Long> why : report.skipped().entrySet()) {
      line("  <testcase classname=\"pagewalk.skipped\" name=\"%s\">", escape(why.getKey()));
      line("    <skipped message=\"%d vectors\"/>", why.getValue());
      line("  </testcase>");
    }
    for (VerifyReport.Cause cause : report.causes()) {
      line(
          "  <!-- cause %s: %s -->",
          cause.deviation().id(), cause.deviation().what().replace("--", "- -"));
    }
    line("</testsuite>");
  }

  private void group(String group, VerifyReport.Count count) {
    line("  <testcase classname=\"pagewalk.groups\" name=\"%s\">", escape(group));
    if (count.failed() > 0) {
      line(
          "    <failure message=\"%d of %d vectors failed\"/>",
          count.failed(), count.passed() + count.failed());
    }
    line("  </testcase>");
  }

  private void failure(VerifyReport.Failure failure) {
    line(
        "  <testcase classname=\"pagewalk.vectors\" name=\"%s\" file=\"%s\" line=\"%d\">",
        escape(failure.place().id()), escape(failure.place().file()), failure.place().line());
    for (VerifyReport.Answer answer : failure.answers()) {
      line(
          "    <failure message=\"%s\">%s",
          escape("expected " + answer.expected() + ", got " + answer.got()),
          escape(String.join(", ", answer.engines()) + "\n" + answer.step()));
      line("    </failure>");
    }
    line("  </testcase>");
  }

  private static String escape(String value) {
    return HtmlReport.escape(value);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
