package dev.pagewalk.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.TestSize;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On the yardstick's workloads the MMU does what limit.c does. */
class LimitWorkloadTest {
  private static final int ACCESSES = TestSize.pick(400_000, 5_000_000);

  /** All, but that the tables of the largest scattered ones take gigabytes. */
  static List<Workload> workloads() {
    int most = TestSize.pick(1 << 10, 1 << 20);
    return Stream.of(Workload.values())
        .filter(workload -> !workload.scattered || workload.pages <= most)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void itsCountersAndSumAreThoseOfTheLineByLineTranslation(Workload workload) {
    try (PhysicalMemory memory = workload.memory()) {
      LimitPort port = new LimitPort(memory);
      long portSum = new Traffic(workload).run(port, ACCESSES);
      Mmu mmu = mmu(memory);
      long sum = new Traffic(workload).run(mmu, ACCESSES);
      assertEquals(counts(port), counts(mmu));
      assertEquals(portSum, sum);
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void soTheyAreWithPagesThatAreNotPresent(Workload workload) {
    try (PhysicalMemory memory = workload.memory()) {
      workload.takeAway(memory, 5);
      LimitPort port = new LimitPort(memory);
      new Traffic(workload).run(port, ACCESSES);
      Mmu mmu = mmu(memory);
      new Traffic(workload).run(mmu, ACCESSES);
      assertEquals(counts(port), counts(mmu));
    }
  }

  @Test
  void scatteredPagesAreDistinctAndLieWithin47Bits() {
    Set<Long> pages = new HashSet<>();
    long all = 0;
    for (int i = 0; i < Workload.VAST_SCATTERED.pages; i++) {
      all |= Workload.scatter(i);
      pages.add(Workload.scatter(i));
    }
    assertEquals(Workload.VAST_SCATTERED.pages, pages.size());
    assertEquals(0x7fff_ffff_f000L, all);
  }

  private static Mmu mmu(PhysicalMemory memory) {
    return Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers());
  }

  private static List<Long> counts(LimitPort port) {
    long accesses = port.l1Hits + port.l2Hits + port.walks;
    return List.of(accesses, port.l1Hits, port.l2Hits, port.walks, port.loads, port.faults);
  }

  private static List<Long> counts(Mmu mmu) {
    LimitCounters n = new LimitCounters();
    n.set(mmu.counters(), 0);
    return List.of(n.accesses, n.l1Hits, n.l2Hits, n.walks, n.loads, n.faults);
  }
}
