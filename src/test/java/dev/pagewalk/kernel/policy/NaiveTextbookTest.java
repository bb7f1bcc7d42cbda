package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.kernel.policy.TextbookPolicies.NaiveClock;
import dev.pagewalk.kernel.policy.TextbookPolicies.NaiveFifo;
import dev.pagewalk.kernel.policy.TextbookPolicies.NaiveLru;
import dev.pagewalk.kernel.policy.TextbookPolicies.NaiveOpt;
import dev.pagewalk.kernel.policy.TextbookPolicies.NaiveRandom;
import dev.pagewalk.kernel.policy.TextbookPolicies.NaiveSecondChance;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies of the textbooks fault where their naive statements do, access by access. */
final class NaiveTextbookTest {
  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void fifo(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(PolicySimulation.of("fifo", frames, null), new NaiveFifo(frames), trace);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void lru(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(PolicySimulation.of("lru", frames, null), new NaiveLru(frames), trace);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void clock(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(PolicySimulation.of("clock", frames, null), new NaiveClock(frames), trace);
      SideBySide.run(
          PolicySimulation.of("second-chance", frames, null), new NaiveSecondChance(frames), trace);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomWithGivenChoices(int seed) {
    int[] trace = SampleTraces.of(seed);
    int[] choices = new Random(seed).ints(20, 0, 1000).toArray();
    for (int frames = 1; frames <= 12; frames++) {
      int count = frames;
      SideBySide.run(
          new PolicySimulation(frames, 1000, view -> RandomChoice.given(count, choices)),
          new NaiveRandom(frames, choices),
          trace);
    }
  }

  /** Which of several pages goes that are not used again, nobody says; faults are the same. */
  @ParameterizedTest
  @MethodSource("seeds")
  void opt(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      NaiveOpt naive = new NaiveOpt(frames, trace);
      PolicySimulation simulation = PolicySimulation.of("opt", frames, FutureUses.of(trace));
      for (int access : trace) {
        naive.access(access);
        simulation.run(new int[] {access}, 1);
        assertEquals(naive.faults, simulation.counts().faults());
      }
    }
  }
}
