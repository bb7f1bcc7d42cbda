package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.kernel.policy.FutureUses;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.PolicyCounts;
import dev.pagewalk.kernel.policy.PolicySimulation;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replacement through the whole machine, by TLBs, tables, faults and swap, has the faults of the
 * textbook.
 */
class ReplacementCountsTest {
  private static final int[] BELADY = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};

  private static ReclaimOptions options(String policy, int[] trace) {
    FutureUses future = Policies.needsFuture(policy) ? FutureUses.of(trace) : null;
    return ReclaimOptions.of((frames, view) -> Policies.create(policy, frames, view, future));
  }

  /** The faults of a trace of pages on a machine whose processes may have {@code max} pages. */
  private static long faults(String policy, int max, int[] trace) {
    KernelOptions kernel = KernelOptions.DEFAULT.withZeroPage(false);
    try (PressureRig rig = new PressureRig(4096, 4096, kernel, options(policy, trace))) {
      MemoryGroup group = rig.kernel.rootGroup().child("few");
      group.setMax(max);
      AddressSpace mm = rig.process(1 << 12);
      mm.setGroup(group);
      int position = 0;
      for (int access : trace) {
        int page = PolicySimulation.page(access);
        if (access < 0) {
          rig.store(mm, page, page);
        } else {
          rig.load(mm, page);
        }
        rig.kernel.accessed(mm.page(PressureRig.BASE + page * 4096L).frame(), position++);
        assertTrue(group.current() <= max, "pages " + group.current());
      }
      rig.check();
      return mm.minorFaults() + mm.majorFaults();
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 9", "4, 10"})
  void beladysAnomaly(int frames, long expected) {
    assertEquals(expected, faults("fifo", frames, BELADY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fifo", "second-chance", "clock", "lru", "random:seed=5", "opt"})
  void asManyFaultsAsThePolicyAlone(String policy) {
    for (int seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int pages = random.nextInt(2, 40);
      int frames = random.nextInt(1, 20);
      int[] trace =
          random
              .ints(400, 0, pages)
              .map(page -> random.nextInt(4) == 0 ? PolicySimulation.write(page) : page)
              .toArray();
      PolicyCounts alone = PolicySimulation.run(policy, frames, trace);
      assertEquals(alone.faults(), faults(policy, frames, trace), policy + ", seed " + seed);
    }
  }

  @Test
  void oneFrameIsEnough() {
    assertEquals(BELADY.length, faults("lru", 1, BELADY));
  }
}
