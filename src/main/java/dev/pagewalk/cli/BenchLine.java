package dev.pagewalk.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one side says of a workload: a line as {@code benchmarks/limit.c} prints it.
 *
 * @param workload its name
 * @param ns nanoseconds an access, the median of the rounds
 * @param counters first-level hits, second-level hits, walks, words read, faults: of all rounds
 * @param sum of the physical addresses of all accesses
 */
record BenchLine(String workload, double ns, List<Long> counters, long sum) {
  /** The names of the counters. */
  static final List<String> NAMES = List.of("l1_hits", "l2_hits", "walks", "loads", "faults");

  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+) +(\\d+\\.\\d\\d) ns  "
              + String.join(" ", NAMES.stream().map(name -> name + " (\\d{1,18})").toList())
              + " sum ([0-9a-f]{16})");

  /** The line of {@code workload} in {@code output}, if there is one. */
  static Optional<BenchLine> find(String workload, String output) {
    return output
        .lines()
        .map(LINE::matcher)
        .filter(line -> line.matches() && line.group(1).equals(workload))
        .map(BenchLine::of)
        .findFirst();
  }

  private static BenchLine of(Matcher line) {
    List<Long> counters =
        NAMES.stream().map(name -> Long.parseLong(line.group(3 + NAMES.indexOf(name)))).toList();
    long sum = Long.parseUnsignedLong(line.group(3 + NAMES.size()), 16);
    return new BenchLine(line.group(1), Double.parseDouble(line.group(2)), counters, sum);
  }

  /** The same with another time. */
  BenchLine withNs(double other) {
    return new BenchLine(workload, other, counters, sum);
  }

  /** Whether both did the same: only then may their times be compared. */
  boolean isSameWork(BenchLine other) {
    return workload.equals(other.workload) && counters.equals(other.counters) && sum == other.sum;
  }

  /** The line. */
  @Override
  public String toString() {
    var line = new StringBuilder(String.format(Locale.ROOT, "%-8s %8.2f ns ", workload, ns));
    for (int i = 0; i < NAMES.size(); i++) {
      line.append(' ').append(NAMES.get(i)).append(' ').append(counters.get(i));
    }
    return line.append(String.format(" sum %016x", sum)).toString();
  }
}
