package dev.pagewalk.mmu.streams;

import static org.junit.jupiter.api.Assertions.fail;

import dev.pagewalk.TestSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With invalidations withheld the MMU is as stale as the architecture permits, and no more. */
class WithheldInvalidationTest {
  private static final int STREAMS = TestSize.pickStreams(160, 8_000);
  private static final int STEPS = TestSize.stepsOf(3_000);
  private static final long SEED = 0x57a1e_0000_0000L;

  private final Coverage coverage = new Coverage();

  @Test
  void eachAnswerIsOneThatEarlierValuesOfTheEntriesAllow() {
    MmuPool mmus = new MmuPool();
    try (Memories memories = new Memories()) {
      for (int i = 0; i < STREAMS; i++) {
        play(SEED + i, mmus, memories);
      }
    }
    System.out.println(
        "[pagewalk] withheld invalidation: "
            + coverage.line("steps", "accesses", "stale by TLB", "stale by PAGING_STRUCTURE_CACHE")
            + ", "
            + coverage.line("spurious faults"));
    coverage.assertAtLeast("stale by TLB", 1_000);
    coverage.assertAtLeast("stale by PAGING_STRUCTURE_CACHE", 1_000);
    coverage.assertAtLeast("spurious faults", 50);
  }

  private void play(long seed, MmuPool mmus, Memories memories) {
    ScenarioGenerator generator = new ScenarioGenerator(seed);
    Scenario scenario = generator.scenario();
    WithheldRun run = (WithheldRun) WithheldRun.of(mmus).begin(scenario, memories);
    Optional<List<Move>> wrong = StreamPlayer.play(run, generator.habits(), STEPS);
    if (wrong.isPresent()) {
      Stream failed = new Stream(scenario, wrong.get());
      fail(StreamPlayer.tell(failed, WithheldRun.of(MmuSubject::make), memories));
    }
    coverage.count("steps", STEPS);
    coverage.add(run.pair.performed());
    run.stale().forEach((source, times) -> coverage.count("stale by " + source, times));
    coverage.count("spurious faults", run.spurious());
  }
}
