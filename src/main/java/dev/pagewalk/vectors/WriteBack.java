package dev.pagewalk.vectors;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells whether two lists of counters differ no more than the write-back of an ext4 file may have
 * made them differ: it turns dirty pages clean, at a time of the kernel's own choice.
 */
final class WriteBack {
  private static final Map<String, String> SUMS =
      Map.of(
          "Private_Clean", "Private",
          "Private_Dirty", "Private",
          "Shared_Clean", "Shared",
          "Shared_Dirty", "Shared");

  private WriteBack() {}

  /** Whether the counters are the same but for what is clean and what is dirty, at equal sums. */
  static boolean mayExplain(List<Map<String, Long>> wanted, List<Map<String, Long>> got) {
    return wanted.stream()
        .map(WriteBack::summed)
        .toList()
        .equals(got.stream().map(WriteBack::summed).toList());
  }

  private static Map<String, Long> summed(Map<String, Long> counters) {
    Map<String, Long> sums = new TreeMap<>();
    counters.forEach((name, value) -> sums.merge(SUMS.getOrDefault(name, name), value, Long::sum));
    return sums;
  }
}
