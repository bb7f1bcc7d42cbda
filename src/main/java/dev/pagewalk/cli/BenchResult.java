package dev.pagewalk.cli;

import java.util.ArrayList;
import java.util.List;

/** What both sides, or ours alone, said of one workload in each pass. */
final class BenchResult {
  private final String workload;
  private final List<BenchPass> passes = new ArrayList<>();

  BenchResult(String workload) {
    this.workload = workload;
  }

  String workload() {
    return workload;
  }

  void add(BenchPass pass) {
    passes.add(pass);
  }

  /** Our line; its time is the median of the passes. */
  BenchLine java() {
    return passes.getFirst().java().withNs(quantile(javaPasses(), 2));
  }

  /** The C side's line; its time is the median of the passes. */
  BenchLine c() {
    return passes.getFirst().c().orElseThrow().withNs(quantile(cPasses(), 2));
  }

  /** Our time of each pass. */
  List<Double> javaPasses() {
    return passes.stream().map(pass -> pass.java().ns()).toList();
  }

  /** The C side's time of each pass; empty if it was not asked. */
  List<Double> cPasses() {
    return passes.stream().flatMap(pass -> pass.c().stream()).map(BenchLine::ns).toList();
  }

  /** Our time by the C side's, for each pair of rounds. */
  List<Double> ratios() {
    return passes.stream().flatMap(pass -> pass.ratios().stream()).toList();
  }

  /** Of the ratios: a quarter of them is less for 1, half for 2, three quarters for 3. */
  double ratio(int quarters) {
    return quantile(ratios(), quarters);
  }

  /** Whether all passes of both sides have the same counters and sum. */
  boolean isSameWork() {
    BenchLine first = passes.getFirst().java();
    return passes.stream()
        .allMatch(
            pass -> pass.java().isSameWork(first) && pass.c().stream().allMatch(first::isSameWork));
  }

  private static double quantile(List<Double> numbers, int quarters) {
    return numbers.stream().sorted().toList().get(quarters * numbers.size() / 4);
  }
}
