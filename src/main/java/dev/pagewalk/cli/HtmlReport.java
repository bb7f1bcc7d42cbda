package dev.pagewalk.cli;

import dev.pagewalk.vectors.VerifyReport;
import java.util.Locale;

/** The report of a verification as one page of HTML, which needs nothing else. */
final class HtmlReport {
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Pagewalk</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; }
      th, td { padding: .2rem .8rem; border-bottom: 1px solid #8886; text-align: left; }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
      .bad { font-weight: 700; text-decoration: underline; }
      code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
      blockquote { margin: .3rem 0 .8rem; padding-left: .8rem; border-left: 3px solid #8888; }
      </style>
      </head>
      <body>
      """;

  private final StringBuilder text = new StringBuilder();

  private HtmlReport() {}

  /** The whole page. */
  static String of(VerifyReport report) {
    HtmlReport writer = new HtmlReport();
    writer.write(report);
    return writer.text.toString();
  }

  /** {@code value} with nothing in it that HTML or XML could take for its own. */
  static String escape(String value) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(c < ' ' && c != '\n' && c != '\t' ? '?' : c);
      }
    }
    return escaped.toString();
  }

  private void write(VerifyReport report) {
    String who = escape(String.join(", ", report.engines()));
    text.append(HEAD);
    line("<h1>Pagewalk: %s</h1>", who);
    line(
        "<p><strong>%,d passed, <span%s>%,d failed</span>, %,d skipped</strong></p>",
        report.passed(),
        report.failed() > 0 ? " class=\"bad\"" : "",
        report.failed(),
        report.skippedTotal());
    causes(report);
    groups(report);
    skipped(report);
    failures(report);
    line("</body>");
    line("</html>");
  }

  private void causes(VerifyReport report) {
    if (report.examined() == 0) {
      return;
    }
    line("<h2>Causes</h2>");
    line(
        "<p>%,d wrong answers were looked at, %,d of them are not explained.</p>",
        report.examined(), report.unexplained());
    for (VerifyReport.Cause cause : report.causes()) {
      line(
          "<h3><code>%s</code>: %s</h3>", cause.deviation().id(), escape(cause.deviation().what()));
      line(
          "<p>Needed for %,d of them; proof: <code>%s</code>, %s line %d</p>",
          cause.answers(),
          escape(cause.proof().id()),
          escape(cause.proof().file()),
          cause.proof().line());
      line(
          "<blockquote>%s<br>SDM 3A “%s”</blockquote>",
          escape(cause.deviation().manual()), escape(cause.deviation().section()));
    }
  }

  private void groups(VerifyReport report) {
    line("<h2>Groups</h2>");
    line("<table><thead><tr><th>group</th><th class=\"number\">passed</th>");
    line("<th class=\"number\">failed</th></tr></thead><tbody>");
    report.groups().forEach(this::row);
    report.scenarios().forEach((group, count) -> row(group, count.all()));
    line("</tbody></table>");
  }

  private void row(String group, VerifyReport.Count count) {
    line(
        "<tr><td>%s</td><td class=\"number\">%,d</td><td class=\"number%s\">%,d</td></tr>",
        escape(group), count.passed(), count.failed() > 0 ? " bad" : "", count.failed());
  }

  private void skipped(VerifyReport report) {
    if (report.skippedTotal() > 0) {
      line("<h2>Skipped</h2>");
      line("<ul>");
      report.skipped().forEach((why, count) -> line("<li>%,d: %s</li>", count, escape(why)));
      line("</ul>");
    }
  }

  private void failures(VerifyReport report) {
    if (report.failures().isEmpty()) {
      return;
    }
    line("<h2>Failures</h2>");
    if (report.failed() > report.failures().size()) {
      line("<p>The first %,d of %,d.</p>", report.failures().size(), report.failed());
    }
    for (VerifyReport.Failure failure : report.failures()) {
      line(
          "<details open><summary><code>%s</code>, %s line %d</summary>",
          escape(failure.place().id()), escape(failure.place().file()), failure.place().line());
      for (VerifyReport.Answer answer : failure.answers()) {
        line("<p>%s, %s<br>", escape(String.join(", ", answer.engines())), escape(answer.step()));
        line("expected <code>%s</code><br>", escape(answer.expected()));
        line("got <code>%s</code></p>", escape(answer.got()));
      }
      line("</details>");
    }
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
