package dev.pagewalk.mmu.streams;

import static org.junit.jupiter.api.Assertions.fail;

import dev.pagewalk.TestSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Under correct invalidation the MMU is the reference walk, step by step and word by word. */
class DifferentialStreamTest {
  private static final int STREAMS = TestSize.pickStreams(336, 16_800);
  private static final int STEPS = TestSize.stepsOf(3_000);
  private static final long SEED = 0x5eed_0000_0000L;

  /** Of so many streams one is watched: to look into the structures takes time. */
  private static final int WATCHED = 8;

  private final Coverage coverage = new Coverage();
  private final MmuPool mmus = new MmuPool();

  @Test
  void theMmuEqualsTheReferenceAtEveryStep() {
    try (Memories memories = new Memories()) {
      for (int i = 0; i < STREAMS; i++) {
        play(SEED + i, i % WATCHED == 1, memories);
      }
    }
    print();
    assertEverythingHappened();
  }

  @Test
  void theMmuEqualsTheReferenceForASeedNeverUsedBefore() {
    // A mutant that is killed must be killed in the next run too.
    long seed = TestSize.get() == TestSize.MUTATION ? ~SEED : System.nanoTime() & Long.MAX_VALUE;
    try (Memories memories = new Memories()) {
      for (int i = 0; i < 4; i++) {
        play(seed + i, false, memories);
      }
    }
  }

  private void play(long seed, boolean watched, Memories memories) {
    ScenarioGenerator generator = new ScenarioGenerator(seed);
    Scenario scenario = generator.scenario();
    MmuSubject[] mmu = new MmuSubject[1];
    Subject.Maker maker =
        (first, memory) -> {
          mmu[0] = mmus.make(first, memory);
          return watched ? new Observer(mmu[0], first, coverage) : mmu[0];
        };
    Run run = DisciplinedRun.of(maker).begin(scenario, memories);
    Optional<List<Move>> wrong = StreamPlayer.play(run, generator.habits(), STEPS);
    if (wrong.isPresent()) {
      Stream failed = new Stream(scenario, wrong.get());
      fail(StreamPlayer.tell(failed, DisciplinedRun.of(MmuSubject::make), memories));
    }
    coverage.add(scenario.model(), mmu[0].mmu().counters());
    coverage.add(run.pair.performed());
    coverage.count("steps", STEPS);
  }

  private void print() {
    System.out.println("[pagewalk] differential streams: " + coverage.line("steps", "accesses"));
    System.out.println(
        "[pagewalk]   "
            + coverage.line("stores", "INVLPG", "INVPCID", "CR3 loads", "register writes"));
    System.out.println(
        "[pagewalk]   " + coverage.line("L1 hits", "L2 hits", "walks", "faults", "A set", "D set"));
    System.out.println(
        "[pagewalk]   "
            + coverage.line("PML5E hits", "PML4E hits", "PDPTE hits", "PDE hits")
            + ", "
            + coverage.line("L1 evictions", "L2 evictions", "PDE evictions"));
    System.out.println(
        "[pagewalk]   one stream of "
            + WATCHED
            + " was watched: "
            + coverage.line(
                "hits refused",
                "writes to clean pages",
                "hits on pieces of pages",
                "hits on globals of other PCIDs"));
  }

  private void assertEverythingHappened() {
    coverage.assertAtLeast("accesses", 700_000);
    coverage.assertAtLeast("stores", 30_000);
    coverage.assertAtLeast("INVLPG", 8_000);
    coverage.assertAtLeast("INVPCID", 8_000);
    coverage.assertAtLeast("CR3 loads", 10_000);
    coverage.assertAtLeast("register writes", 8_000);
    coverage.assertAtLeast("L1 hits", 100_000);
    coverage.assertAtLeast("L2 hits", 10_000);
    coverage.assertAtLeast("PML5E hits", 15_000);
    coverage.assertAtLeast("PML4E hits", 30_000);
    coverage.assertAtLeast("PDPTE hits", 15_000);
    coverage.assertAtLeast("PDE hits", 10_000);
    coverage.assertAtLeast("L1 evictions", 70_000);
    coverage.assertAtLeast("L2 evictions", 50_000);
    coverage.assertAtLeast("PDE evictions", 20_000);
    coverage.assertAtLeast("faults", 100_000);
    coverage.assertAtLeast("A set", 10_000);
    coverage.assertAtLeast("D set", 4_000);
    coverage.assertAtLeast("hits refused", 1_000);
    coverage.assertAtLeast("writes to clean pages", 100);
    coverage.assertAtLeast("hits on pieces of pages", 500);
    coverage.assertAtLeast("hits on globals of other PCIDs", 40);
  }
}
