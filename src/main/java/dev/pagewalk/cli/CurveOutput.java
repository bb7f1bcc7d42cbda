package dev.pagewalk.cli;

import dev.pagewalk.machine.curve.LruCurve;
import dev.pagewalk.machine.curve.MissCurve;
import dev.pagewalk.machine.curve.PageStream;
import dev.pagewalk.machine.curve.SampledCurve;
import dev.pagewalk.machine.curve.WorkingSet;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceOptions;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Prints curves that come from one pass over each trace: CSV, or JSON with a line a trace. */
final class CurveOutput {
  private final Terminal terminal;
  private final TraceOptions options;
  private final boolean asJson;

  CurveOutput(Terminal terminal, TraceOptions options, boolean asJson) {
    this.terminal = terminal;
    this.options = options;
    this.asJson = asJson;
  }

  /**
   * Faults of LRU by number of frames: a row where they fall.
   *
   * @param rate the part of the pages to look at; null for all
   * @param pages how many of them to look at; null for all
   */
  void curves(List<String> traces, Double rate, Integer pages) throws IOException {
    if (!asJson) {
      terminal.out().println("trace,frames,faults,miss_ratio");
    }
    for (String name : traces) {
      try (TraceReader trace = TraceFiles.open(name, options)) {
        PageStream stream = new PageStream(trace);
        MissCurve curve;
        if (rate != null) {
          curve = SampledCurve.atRate(rate).add(stream);
        } else if (pages != null) {
          curve = SampledCurve.ofPages(pages).add(stream);
        } else {
          curve = LruCurve.of(stream);
        }
        if (asJson) {
          json(name, stream, curve);
        } else {
          curve.forEachStep((frames, faults) -> row(name, frames, faults, curve));
        }
      }
    }
  }

  private void row(String name, long frames, double faults, MissCurve curve) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s,%d,%d,%.6f%n",
            quoted(name),
            frames,
            Math.round(faults),
            faults / curve.accesses());
  }

  private void json(String name, PageStream stream, MissCurve curve) throws IOException {
    try (JsonLines json = new JsonLines(terminal.out())) {
      json.begin().text("trace", name).number("accesses", stream.accesses());
      json.number("page_accesses", curve.accesses()).number("pages", curve.pages());
      if (curve instanceof SampledCurve sample) {
        json.number("sampled_pages", sample.sampledPages());
      }
      json.beginArray("curve");
      curve.forEachStep((frames, faults) ->
          json.begin().number("frames", frames).number("faults", Math.round(faults)).end());
      json.endArray().end();
    }
  }

  /** Average sizes of the working set. */
  void workingSets(List<String> traces) throws IOException {
    if (!asJson) {
      terminal.out().println("trace,window,pages");
    }
    for (String name : traces) {
      try (TraceReader trace = TraceFiles.open(name, options)) {
        WorkingSet set = WorkingSet.of(new PageStream(trace));
        int most = Long.SIZE - Long.numberOfLeadingZeros(set.accesses());
        try (JsonLines json = asJson ? new JsonLines(terminal.out()) : null) {
          if (json != null) {
            json.begin().text("trace", name).number("page_accesses", set.accesses());
            json.number("pages", set.pages()).beginArray("working_set");
          }
          for (int bits = 0; bits <= most; bits++) {
            double pages = set.averageSize(bits);
            if (json != null) {
              json.begin().number("window", 1L << bits).decimal("pages", pages).end();
            } else {
              terminal.out().printf(Locale.ROOT, "%s,%d,%.3f%n", quoted(name), 1L << bits, pages);
            }
          }
          if (json != null) {
            json.endArray().end();
          }
        }
      }
    }
  }

  private static String quoted(String name) {
    boolean isPlain = name.indexOf(',') < 0 && name.indexOf('"') < 0;
    return isPlain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
