package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Faults are those that textbooks count on their own reference strings. */
final class TeachingTracesTest {
  /** A. Silberschatz, P. B. Galvin, G. Gagne, "Operating System Concepts", "Page Replacement". */
  private static final int[] SILBERSCHATZ = {
    7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1
  };

  /** The same book, exercises of the chapter "Virtual Memory". */
  private static final int[] SILBERSCHATZ_EXERCISE = {
    1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6
  };

  /** The same book, exercises of the chapter "Virtual Memory". */
  private static final int[] SILBERSCHATZ_EXERCISE_OF_THREE_FRAMES = {
    7, 2, 3, 1, 2, 5, 3, 4, 6, 7, 7, 1, 0, 5, 4, 6, 2, 3, 0, 1
  };

  /** L. A. Belady, R. A. Nelson, G. S. Shedler 1969; in nearly every textbook since. */
  private static final int[] BELADY = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};

  /** W. Stallings, "Operating Systems: Internals and Design Principles", "Replacement Policy". */
  private static final int[] STALLINGS = {2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2};

  /** A. S. Tanenbaum, "Modern Operating Systems", problems of the chapter "Memory Management". */
  private static final int[] TANENBAUM = {0, 1, 7, 2, 3, 2, 7, 1, 0, 3};

  /** R. H. and A. C. Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 22. */
  private static final int[] OSTEP = {0, 1, 2, 0, 1, 3, 0, 3, 1, 2, 1};

  @Test
  void silberschatzCountsFifteenTwelveAndNine() {
    assertEquals(15, faults("fifo", 3, SILBERSCHATZ));
    assertEquals(12, faults("lru", 3, SILBERSCHATZ));
    assertEquals(9, faults("opt", 3, SILBERSCHATZ));
  }

  @Test
  void silberschatzsExerciseGoesFromOneToSevenFrames() {
    int[] lru = {20, 18, 15, 10, 8, 7, 7};
    int[] fifo = {20, 18, 16, 14, 10, 10, 7};
    int[] opt = {20, 15, 11, 8, 7, 7, 7};
    for (int frames = 1; frames <= 7; frames++) {
      assertEquals(lru[frames - 1], faults("lru", frames, SILBERSCHATZ_EXERCISE));
      assertEquals(fifo[frames - 1], faults("fifo", frames, SILBERSCHATZ_EXERCISE));
      assertEquals(opt[frames - 1], faults("opt", frames, SILBERSCHATZ_EXERCISE));
    }
  }

  @Test
  void silberschatzsOtherExerciseHasThreeFrames() {
    assertEquals(18, faults("lru", 3, SILBERSCHATZ_EXERCISE_OF_THREE_FRAMES));
    assertEquals(17, faults("fifo", 3, SILBERSCHATZ_EXERCISE_OF_THREE_FRAMES));
    assertEquals(13, faults("opt", 3, SILBERSCHATZ_EXERCISE_OF_THREE_FRAMES));
  }

  @Test
  void beladysAnomalyIsOfFifoAlone() {
    assertEquals(9, faults("fifo", 3, BELADY));
    assertEquals(10, faults("fifo", 4, BELADY));
    assertEquals(10, faults("lru", 3, BELADY));
    assertEquals(8, faults("lru", 4, BELADY));
    assertEquals(7, faults("opt", 3, BELADY));
    assertEquals(6, faults("opt", 4, BELADY));
  }

  /** Stallings counts faults after the three frames have been filled. */
  @Test
  void stallingsCountsThreeFourSixAndFive() {
    assertEquals(3 + 3, faults("opt", 3, STALLINGS));
    assertEquals(3 + 4, faults("lru", 3, STALLINGS));
    assertEquals(3 + 6, faults("fifo", 3, STALLINGS));
    assertEquals(3 + 5, faults("clock", 3, STALLINGS));
  }

  @Test
  void tanenbaumCountsSixAndSeven() {
    assertEquals(6, faults("fifo", 4, TANENBAUM));
    assertEquals(7, faults("lru", 4, TANENBAUM));
  }

  @Test
  void threeEasyPiecesCountsHits() {
    assertEquals(6, PolicySimulation.run("opt", 3, OSTEP).hits());
    assertEquals(4, PolicySimulation.run("fifo", 3, OSTEP).hits());
    assertEquals(6, PolicySimulation.run("lru", 3, OSTEP).hits());
  }

  /** Its trace of Random: pages 0, 1 and 3 go. */
  @Test
  void threeEasyPiecesChoosesAtRandom() {
    PolicySimulation simulation =
        new PolicySimulation(3, 1, view -> RandomChoice.given(3, 0, 1, 0));
    simulation.run(OSTEP, OSTEP.length);
    assertEquals(5, simulation.counts().hits());
  }

  /** "With a looping-sequential workload" of 50 pages, 49 frames never hit and 50 always do. */
  @Test
  void aLoopThatJustDoesNotFitAlwaysFaults() {
    int[] loop = new int[1000];
    for (int i = 0; i < loop.length; i++) {
      loop[i] = i % 50;
    }
    for (String policy : new String[] {"fifo", "lru", "clock", "second-chance"}) {
      assertEquals(1000, faults(policy, 49, loop), policy);
      assertEquals(50, faults(policy, 50, loop), policy);
    }
  }

  private static long faults(String policy, int frames, int[] trace) {
    return PolicySimulation.run(policy, frames, trace).faults();
  }
}
