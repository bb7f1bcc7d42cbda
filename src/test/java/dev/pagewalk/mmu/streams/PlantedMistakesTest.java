package dev.pagewalk.mmu.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The streams find a machine that makes a mistake, and accept one that makes none. */
class PlantedMistakesTest {
  private static final int STEPS = 3_000;
  private static final int MOST_STREAMS = 250;
  private static final int STREAMS_WITHOUT = 20;
  private static final long SEED = 77;

  /**
   * Under correct invalidation these go unseen: after a fault nothing is left to be wrong, software
   * that trusts INVPCID with an address for pages only never sees the tables, and the toy holds
   * reserved bits against the registers of now.
   */
  private static final Set<Mistake> UNSEEN_WITHOUT_STALENESS =
      EnumSet.of(
          Mistake.NONE,
          Mistake.NXE_CHANGE_DROPS_NOTHING,
          Mistake.FAULT_DROPS_NOTHING,
          Mistake.FAULT_KEEPS_PAGING_STRUCTURES,
          Mistake.INVPCID_OF_AN_ADDRESS_KEEPS_PAGING_STRUCTURES);

  @Test
  void comparisonWithTheReferenceAcceptsAMachineWithoutMistakes() {
    assertAccepted(DisciplinedRun::of);
  }

  @Test
  void membershipInThePermittedAnswersAcceptsAMachineWithoutMistakes() {
    assertAccepted(WithheldRun::of);
  }

  @Test
  void comparisonWithTheReferenceFindsEveryMistakeThatShowsUnderCorrectInvalidation() {
    Set<Mistake> planted = EnumSet.complementOf(EnumSet.copyOf(UNSEEN_WITHOUT_STALENESS));
    assertFound("correct invalidation", planted, DisciplinedRun::of);
  }

  @Test
  void membershipInThePermittedAnswersFindsEveryMistake() {
    Set<Mistake> planted = EnumSet.complementOf(EnumSet.of(Mistake.NONE));
    assertFound("withheld invalidation", planted, WithheldRun::of);
  }

  private static void assertAccepted(Function<Subject.Maker, Run.Maker> kind) {
    try (Memories memories = new Memories()) {
      Run.Maker runs = kind.apply(ToySubject.with(Mistake.NONE, memories.judge()));
      assertEquals(-1, streamThatFails(runs, memories, STREAMS_WITHOUT));
    }
  }

  private static void assertFound(
      String name, Set<Mistake> planted, Function<Subject.Maker, Run.Maker> kind) {
    Set<Mistake> unseen = EnumSet.noneOf(Mistake.class);
    long streams = 0;
    try (Memories memories = new Memories()) {
      for (Mistake mistake : planted) {
        Run.Maker runs = kind.apply(ToySubject.with(mistake, memories.judge()));
        int failed = streamThatFails(runs, memories, MOST_STREAMS);
        streams += failed < 0 ? MOST_STREAMS : failed + 1;
        if (failed < 0) {
          unseen.add(mistake);
        }
      }
    }
    System.out.printf(
        "[pagewalk] planted mistakes, %s: %d of %d found in %d streams%n",
        name, planted.size() - unseen.size(), planted.size(), streams);
    assertEquals(Set.of(), unseen);
  }

  /** The number of the first stream that goes wrong, of {@code most}, or -1. */
  private static int streamThatFails(Run.Maker runs, Memories memories, int most) {
    for (int i = 0; i < most; i++) {
      ScenarioGenerator generator = new ScenarioGenerator(SEED + i);
      Run run = runs.begin(generator.scenario(), memories);
      if (StreamPlayer.play(run, generator.habits(), STEPS).isPresent()) {
        return i;
      }
    }
    return -1;
  }
}
