package dev.pagewalk.mmu.streams;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.mmu.MmuCounters.Structure;
import java.util.Map;
import java.util.TreeMap;

/** What the streams of one test have come upon: a test that comes upon nothing proves nothing. */
final class Coverage {
  private final Map<String, Long> counts = new TreeMap<>();

  void count(String event, long times) {
    counts.merge(event, times, Long::sum);
  }

  void countIf(boolean happened, String event) {
    count(event, happened ? 1 : 0);
  }

  /** Adds what an MMU of {@code model} has counted. */
  void add(CpuModel model, MmuCounters mmu) {
    count("walks", mmu.walks());
    count("faults", mmu.totalPageFaults());
    count("non-canonical", mmu.otherFaults());
    count("A set", mmu.accessedSet());
    count("D set", mmu.dirtySet());
    for (TlbGeometry tlb : model.firstLevel()) {
      add("L1", mmu.tlbs().get(tlb.name()));
    }
    for (TlbGeometry tlb : model.secondLevel()) {
      add("L2", mmu.tlbs().get(tlb.name()));
    }
    mmu.pagingStructureCaches().forEach((level, cache) -> add(level.entryName(), cache));
  }

  private void add(String name, Structure structure) {
    count(name + " hits", structure.hits());
    count(name + " evictions", structure.evictions());
    count(name + " invalidations", structure.invalidations());
  }

  /** Adds operations by their kind. */
  void add(Map<Class<? extends Op>, Long> performed) {
    performed.forEach((kind, times) -> {
      String name =
          switch (kind.getSimpleName()) {
            case "Touch" -> "accesses";
            case "Store" -> "stores";
            case "Invlpg" -> "INVLPG";
            case "Invpcid" -> "INVPCID";
            case "MovCr3" -> "CR3 loads";
            default -> "register writes";
          };
      count(name, times);
    });
  }

  /** The count of {@code event}. */
  long of(String event) {
    return counts.getOrDefault(event, 0L);
  }

  /**
   * Fails if {@code event} did not happen {@code perMillion} times in a million of steps. The few
   * streams that are run for each mutant are not asked.
   */
  void assertAtLeast(String event, long perMillion) {
    if (TestSize.get() == TestSize.MUTATION) {
      return;
    }
    long least = of("steps") * perMillion / 1_000_000;
    assertTrue(of(event) >= least, () -> event + ": " + of(event) + " of at least " + least);
  }

  /** The counts of {@code events} in one line: {@code 12 hits, 3 walks}. */
  String line(String... events) {
    StringBuilder line = new StringBuilder();
    for (String event : events) {
      line.append(line.isEmpty() ? "" : ", ").append("%,d %s".formatted(of(event), event));
    }
    return line.toString();
  }
}
