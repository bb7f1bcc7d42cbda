package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceReader;
import dev.pagewalk.trace.TraceSummary;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What was in a trace, and what was written, for a person or a program.
 *
 * @param trace the trace as the user named it
 * @param reader its reader, which has come to its end
 * @param output the output as the user named it; null if there is none
 * @param losses what the output's format could not tell
 */
record ConvertReport(
    String trace, TraceReader reader, TraceSummary summary, String output, List<String> losses) {
  private static final int MOST_PROCESSES = 20;
  private static final int NAME_WIDTH = 12;
  private static final int NUMBER_WIDTH = 18;

  /** A line for each figure. */
  void text(PrintStream out, Style style) throws IOException {
    line(out, style, "trace", trace + " (" + format() + ")");
    line(out, style, "accesses", count(summary.accesses()));
    line(out, style, "  reads", count(summary.ofKind(AccessBatch.READ)));
    line(out, style, "  writes", count(summary.ofKind(AccessBatch.WRITE)));
    line(out, style, "  fetches", count(summary.ofKind(AccessBatch.FETCH)));
    line(out, style, "  modifies", count(summary.ofKind(AccessBatch.MODIFY)));
    line(out, style, "crossing", count(summary.crossing()) + "  from one page to the next");
    line(out, style, "pages", count(summary.pages()) + "  of 4 KiB");
    if (summary.accesses() > 0) {
      line(out, style, "addresses", Hex.of(summary.lowest()) + " to " + Hex.of(summary.highest()));
    }
    processes(out, style);
    if (reader.skipped() > 0) {
      line(out, style, "skipped", count(reader.skipped()) + "  malformed lines or records");
    }
    if (output != null) {
      line(out, style, "written", written());
    }
    for (String loss : losses) {
      line(out, style, "lost", loss);
    }
  }

  /** The same as one document. */
  void json(PrintStream out) throws IOException {
    try (JsonLines json = new JsonLines(out)) {
      json.begin()
          .text("trace", trace)
          .text("format", format())
          .number("accesses", summary.accesses())
          .number("reads", summary.ofKind(AccessBatch.READ))
          .number("writes", summary.ofKind(AccessBatch.WRITE))
          .number("fetches", summary.ofKind(AccessBatch.FETCH))
          .number("modifies", summary.ofKind(AccessBatch.MODIFY))
          .number("page_crossing", summary.crossing())
          .number("pages", summary.pages());
      if (summary.accesses() > 0) {
        json.hex("lowest", summary.lowest()).hex("highest", summary.highest());
      }
      json.beginArray("processes");
      for (int i = 0; i < summary.processes(); i++) {
        json.begin()
            .number("number", i)
            .text("id", Long.toUnsignedString(reader.processId(i)))
            .number("accesses", summary.accesses(i))
            .number("pages", summary.pages(i))
            .end();
      }
      json.endArray().number("skipped", reader.skipped());
      if (output != null) {
        json.text("output", output);
        if (isRegularFile()) {
          json.number("output_bytes", Files.size(Path.of(output)));
        }
        json.texts("lost", losses);
      }
      json.end();
    }
  }

  private void processes(PrintStream out, Style style) {
    line(out, style, "processes", count(summary.processes()));
    for (int i = 0; summary.processes() > 1 && i < summary.processes(); i++) {
      if (i == MOST_PROCESSES) {
        line(out, style, "  …", "--json has all of them");
        return;
      }
      line(
          out,
          style,
          "  " + Long.toUnsignedString(reader.processId(i)),
          count(summary.accesses(i)) + "  accesses to " + plain(summary.pages(i)) + " pages");
    }
  }

  private String format() {
    return reader.format() == null ? "generated" : reader.format().word();
  }

  private String written() throws IOException {
    if (!isRegularFile()) {
      return output;
    }
    long bytes = Files.size(Path.of(output));
    double each = summary.accesses() == 0 ? 0 : (double) bytes / summary.accesses();
    return String.format(Locale.ROOT, "%s, %,d bytes, %.2f an access", output, bytes, each);
  }

  private boolean isRegularFile() {
    return !output.equals(TraceFiles.STANDARD) && Files.isRegularFile(Path.of(output));
  }

  private static void line(PrintStream out, Style style, String name, String text) {
    out.println(style.name(Page.pad(name, NAME_WIDTH)) + text);
  }

  private static String count(long number) {
    return " ".repeat(Math.max(0, NUMBER_WIDTH - plain(number).length())) + plain(number);
  }

  private static String plain(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
