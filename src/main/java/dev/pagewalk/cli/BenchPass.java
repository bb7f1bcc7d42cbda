package dev.pagewalk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one pass of {@code pagewalk bench} said of a workload.
 *
 * @param java our line
 * @param c the C side's, if there is one
 * @param ratios our time by the C side's for each pair of rounds, or one for the whole pass if the
 *     C side did not do its rounds by turns with ours; empty without a C side
 */
record BenchPass(BenchLine java, Optional<BenchLine> c, List<Double> ratios) {
  /** A pass of our side alone. */
  static BenchPass alone(BenchLine java) {
    return new BenchPass(java, Optional.empty(), List.of());
  }

  /**
   * A pass of both sides.
   *
   * @param javaRounds our time of each round
   * @param cRounds the C side's; fewer if it did not do them by turns
   */
  static BenchPass of(BenchLine java, List<Double> javaRounds, BenchLine c, List<Double> cRounds) {
    List<Double> ratios = new ArrayList<>();
    if (javaRounds.size() == cRounds.size()) {
      for (int i = 0; i < cRounds.size(); i++) {
        ratios.add(javaRounds.get(i) / cRounds.get(i));
      }
    } else {
      ratios.add(java.ns() / c.ns());
    }
    return new BenchPass(java, Optional.of(c), List.copyOf(ratios));
  }
}
