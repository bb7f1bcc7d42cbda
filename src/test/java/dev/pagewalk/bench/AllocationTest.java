package dev.pagewalk.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An access allocates nothing, faults included. */
class AllocationTest {
  private static final int ACCESSES = 1_000_000;
  private static final int RUNS = 4;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Escapes, so that the JIT cannot leave the allocation out. */
  private long[] kept;

  @Test
  void aMillionAccessesOfWhichOneInTwentyFaultsAllocateNothing() {
    for (Workload workload : List.of(Workload.HOT, Workload.WARM, Workload.COLD)) {
      try (PhysicalMemory memory = workload.memory()) {
        workload.takeAway(memory, 5);
        Mmu mmu = Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers());
        Traffic traffic = new Traffic(workload);
        assertEquals(0, allocatedBy(() -> traffic.run(mmu, ACCESSES)), workload.toString());
        assertTrue(mmu.counters().totalPageFaults() > ACCESSES / 50, workload.toString());
      }
    }
  }

  @Test
  void allKindsOfAccessToAllSizesOfPageAllocateNothingInAnyGeometry() {
    try (Company company = new Company(Company.MOST)) {
      for (Mmu mmu : company.members()) {
        assertEquals(0, allocatedBy(() -> company.work(mmu, Company.ACCESSES)));
        assertTrue(mmu.counters().totalPageFaults() > Company.ACCESSES / 20);
        assertTrue(mmu.counters().dirtySet() > 0);
      }
    }
  }

  @Test
  void allocationIsSeen() {
    assertTrue(allocatedBy(() -> kept = new long[100]) > 800);
    assertEquals(100, kept.length);
  }

  /**
   * Bytes that each run of {@code work} allocates, but the first: the least of some, since classes
   * are loaded, and code that was compiled too early is given up, in one run and not the next.
   */
  private static long allocatedBy(Runnable work) {
    work.run();
    long least = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
