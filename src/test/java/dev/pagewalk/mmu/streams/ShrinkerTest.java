package dev.pagewalk.mmu.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.mmu.streams.ForgetfulMmu.Forgets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failing stream becomes one that a person can read, and fails still. */
class ShrinkerTest {
  private static final int MOST_MOVES = 6;
  private static final int MOST_WORDS = 12;

  @ParameterizedTest
  @EnumSource(Forgets.class)
  void aStreamThatFailsUnderCorrectInvalidationBecomesSmall(Forgets forgets) {
    assertSmall(PlantedFailure.diagnose(forgets, false));
  }

  @ParameterizedTest
  @EnumSource(Forgets.class)
  void aStreamThatFailsUnderWithheldInvalidationBecomesSmall(Forgets forgets) {
    assertSmall(PlantedFailure.diagnose(forgets, true));
  }

  @Test
  void theStreamThatIsLeftIsFineWithoutTheMistake() {
    Diagnosis diagnosis = PlantedFailure.diagnose(Forgets.INVLPG, false);
    try (Memories memories = new Memories()) {
      Scenario scenario = diagnosis.stream().scenario();
      Run run = DisciplinedRun.of(MmuSubject::make).begin(scenario, memories);
      assertTrue(Run.play(run, diagnosis.stream()).isEmpty());
    }
  }

  @Test
  void noMoveOfTheStreamThatIsLeftCanBeSpared() {
    Diagnosis diagnosis = PlantedFailure.diagnose(Forgets.INVLPG, false);
    List<Move> moves = diagnosis.stream().moves();
    try (Memories memories = new Memories()) {
      Run.Maker runs = DisciplinedRun.of(ForgetfulMmu.that(Forgets.INVLPG));
      for (Move move : moves) {
        List<Move> fewer = new ArrayList<>(moves);
        fewer.remove(move);
        Stream stream = new Stream(diagnosis.stream().scenario(), fewer);
        Run run = runs.begin(stream.scenario(), memories);
        assertTrue(Run.play(run, stream).isEmpty(), () -> "without " + move);
      }
    }
  }

  @Test
  void aStreamThatDoesNotFailIsRefused() {
    try (Memories memories = new Memories()) {
      Stream fine = new Stream(new ScenarioGenerator(1).scenario(), List.of());
      Shrinker shrinker = new Shrinker(DisciplinedRun.of(MmuSubject::make), memories);
      assertThrows(IllegalArgumentException.class, () -> shrinker.shrink(fine));
    }
  }

  private static void assertSmall(Diagnosis diagnosis) {
    Stream stream = diagnosis.stream();
    System.out.printf(
        "[pagewalk] shrunk to %d moves and %d words in %d attempts%n",
        stream.moves().size(), stream.scenario().words().size(), diagnosis.attempts());
    assertTrue(stream.moves().size() <= MOST_MOVES, diagnosis::text);
    assertTrue(stream.scenario().words().size() <= MOST_WORDS, diagnosis::text);
    assertTrue(diagnosis.vector().isPresent(), diagnosis::text);
    assertEquals(1, diagnosis.vector().get().lines().count());
  }
}
