package dev.pagewalk.cli;

import java.util.ArrayList;
import java.util.List;

/** What both sides, or ours alone, said of one workload in each pass. */
final class BenchResult {
  private final String workload;
  private final List<BenchLine> java = new ArrayList<>();
  private final List<BenchLine> c = new ArrayList<>();

  BenchResult(String workload) {
    this.workload = workload;
  }

  String workload() {
    return workload;
  }

  void addJava(BenchLine line) {
    java.add(line);
  }

  void addC(BenchLine line) {
    c.add(line);
  }

  /** Our line; its time is the median of the passes. */
  BenchLine java() {
    return median(java);
  }

  /** The C side's line; its time is the median of the passes. */
  BenchLine c() {
    return median(c);
  }

  /** Our time of each pass. */
  List<Double> javaPasses() {
    return java.stream().map(BenchLine::ns).toList();
  }

  /** The C side's time of each pass; empty if it was not asked. */
  List<Double> cPasses() {
    return c.stream().map(BenchLine::ns).toList();
  }

  /** Our median by the C side's. */
  double ratio() {
    return java().ns() / c().ns();
  }

  /** The ratio of each pass, the smallest first. */
  List<Double> ratios() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < c.size(); i++) {
      ratios.add(java.get(i).ns() / c.get(i).ns());
    }
    return ratios.stream().sorted().toList();
  }

  /** Whether all passes of both sides have the same counters and sum. */
  boolean isSameWork() {
    return java.stream().allMatch(java.getFirst()::isSameWork)
        && c.stream().allMatch(java.getFirst()::isSameWork);
  }

  private static BenchLine median(List<BenchLine> lines) {
    List<Double> times = lines.stream().map(BenchLine::ns).sorted().toList();
    return lines.getFirst().withNs(times.get(times.size() / 2));
  }
}
