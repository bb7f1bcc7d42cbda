package dev.pagewalk.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints what {@code pagewalk bench} has measured. */
final class BenchOutput {
  private BenchOutput() {}

  /** Our lines; with a C side its lines first, and then the ratios. */
  static void text(PrintStream out, List<BenchResult> results) {
    boolean bySide = !results.getFirst().cPasses().isEmpty();
    if (bySide) {
      out.println("C");
      results.forEach(result -> out.println(result.c()));
      out.println("Java");
    }
    results.forEach(result -> out.println(result.java()));
    if (bySide) {
      int rounds = results.getFirst().ratios().size();
      out.println("Java by C: medians, and quartiles, of " + rounds + " interleaved rounds");
      results.forEach(result -> out.println(ratio(result)));
    } else {
      results.stream().filter(result -> !result.isSameWork()).forEach(r -> out.println(differs(r)));
    }
  }

  private static String ratio(BenchResult result) {
    if (!result.isSameWork()) {
      return differs(result);
    }
    return String.format(
        Locale.ROOT,
        "%-8s %8.2f     %.2f to %.2f",
        result.workload(),
        result.ratio(2),
        result.ratio(1),
        result.ratio(3));
  }

  private static String differs(BenchResult result) {
    return String.format(Locale.ROOT, "%-8s counters or sums differ", result.workload());
  }

  /** One document. */
  static void json(PrintStream out, List<BenchResult> results, int rounds) {
    try (JsonLines json = new JsonLines(out)) {
      json.begin().number("rounds", rounds).beginArray("workloads");
      for (BenchResult result : results) {
        json.begin().text("workload", result.workload());
        side(json.begin("java"), result.java(), result.javaPasses()).end();
        if (!result.cPasses().isEmpty()) {
          side(json.begin("c"), result.c(), result.cPasses()).end();
          json.decimal("ratio", result.ratio(2)).decimals("ratios", result.ratios());
        }
        json.flag("same_work", result.isSameWork()).end();
      }
      json.endArray().end();
    }
  }

  private static JsonLines side(JsonLines json, BenchLine line, List<Double> passes) {
    json.decimal("ns", line.ns()).decimals("passes_ns", passes);
    for (int i = 0; i < BenchLine.NAMES.size(); i++) {
      json.number(BenchLine.NAMES.get(i), line.counters().get(i));
    }
    return json.hex("sum", line.sum());
  }
}
