package dev.pagewalk.cli;

import dev.pagewalk.vectors.Layer;
import dev.pagewalk.vectors.VerifyReport;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** What a verification found of scenarios, by group and layer. */
final class ScenarioTable {
  private static final String HEADING = "scenarios";
  private static final String TOTAL = "in all";

  private ScenarioTable() {}

  /** A line for each group: how many passed and failed, and how many held in each layer. */
  static void text(Terminal terminal, VerifyReport report) {
    PrintStream out = terminal.out();
    int width = HEADING.length();
    for (String group : report.scenarios().keySet()) {
      width = Math.max(width, group.length());
    }
    StringBuilder heading = new StringBuilder(Page.pad(HEADING, width));
    heading.append("      passed      failed");
    for (Layer layer : Layer.values()) {
      heading.append(String.format(Locale.ROOT, "%10s", layer.label()));
    }
    out.println(terminal.style().strong(heading.toString()));
    for (Map.Entry<String, VerifyReport.LayerCount> group : report.scenarios().entrySet()) {
      line(terminal, Page.pad(group.getKey(), width), group.getValue());
    }
    if (report.scenarios().size() > 1) {
      line(terminal, Page.pad(TOTAL, width), report.scenarioTotal());
    }
    out.println();
    if (!report.writtenBack().isEmpty()) {
      out.println(
          "Passed, although counters differ by what write-back of an ext4 file explains: "
              + String.join(", ", report.writtenBack()));
      out.println();
    }
  }

  private static void line(Terminal terminal, String name, VerifyReport.LayerCount count) {
    StringBuilder line = new StringBuilder(name);
    line.append(String.format(Locale.ROOT, "%,12d", count.all().passed()));
    line.append(cell(terminal, "%,12d", count.all().failed(), count.all().failed() == 0));
    for (Layer layer : Layer.values()) {
      VerifyReport.Count of = count.layer(layer);
      line.append(cell(terminal, "%,10d", of.passed(), of.failed() == 0));
    }
    terminal.out().println(line);
  }

  private static String cell(Terminal terminal, String format, long number, boolean good) {
    String text = String.format(Locale.ROOT, format, number);
    return good ? text : terminal.style().bad(text);
  }

  /** The same for a program. */
  static void json(JsonLines json, VerifyReport report) {
    json.begin("scenarios");
    report
        .scenarios()
        .forEach((group, count) -> {
          json.begin(group)
              .number("passed", count.all().passed())
              .number("failed", count.all().failed())
              .begin("layers");
          for (Layer layer : Layer.values()) {
            json.begin(layer.label())
                .number("passed", count.layer(layer).passed())
                .number("failed", count.layer(layer).failed())
                .end();
          }
          json.end().end();
        });
    json.end().texts("written_back", report.writtenBack());
  }
}
