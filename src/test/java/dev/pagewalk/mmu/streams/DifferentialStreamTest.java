package dev.pagewalk.mmu.streams;

import static org.junit.jupiter.api.Assertions.fail;

import dev.pagewalk.TestSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Under correct invalidation the MMU is the reference walk, step by step and word by word. */
class DifferentialStreamTest {
  private static final int STEPS = TestSize.pick(1_000_000, 50_000_000);
  private static final int STREAM = 3_000;
  private static final long SEED = 0x5eed_0001_0000_0000L;

  @Test
  void theMmuEqualsTheReferenceStepByStep() {
    long start = System.nanoTime();
    try (Memories memories = new Memories()) {
      for (int i = 0; i < STEPS / STREAM + 1; i++) {
        play(SEED + i, memories);
      }
    }
    System.out.println("[pagewalk] " + (System.nanoTime() - start) / 1e9);
  }

  private static void play(long seed, Memories memories) {
    ScenarioGenerator generator = new ScenarioGenerator(seed);
    Scenario scenario = generator.scenario();
    MoveGenerator moves = new MoveGenerator(scenario, generator.habits());
    Run run = DisciplinedRun.of(MmuSubject::new).begin(scenario, memories);
    List<Move> played = new ArrayList<>();
    for (int step = 0; step < STREAM; step++) {
      Move move = moves.next(run.pair);
      played.add(move);
      Optional<String> wrong = run.play(move);
      if (wrong.isPresent()) {
        fail("seed " + seed + ", step " + step + "\n" + wrong.get());
      }
    }
  }
}
