package dev.pagewalk.kernel.policy;

import dev.pagewalk.kernel.policy.AdaptivePolicies.NaiveCar;
import dev.pagewalk.kernel.policy.AdaptivePolicies.NaiveTwoQ;
import dev.pagewalk.kernel.policy.AdaptivePolicies.NaiveWsClock;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies with a memory do what naive statements of their papers do, access by access. */
final class NaiveAdaptiveTest {
  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void arcIsCarOnAccessedBits(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(PolicySimulation.of("arc", frames, null), new NaiveCar(frames), trace);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void twoQueues(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(
          PolicySimulation.of("2q:kin=25,kout=50", frames, null),
          new NaiveTwoQ(frames, Math.max(1, frames / 4), Math.max(1, frames / 2)),
          trace);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void clockPro(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(
          PolicySimulation.of("clock-pro", frames, null), new NaiveClockPro(frames), trace);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void wsClock(int seed) {
    int[] trace = SampleTraces.of(seed);
    int tau = seed % 40;
    for (int frames = 1; frames <= 12; frames++) {
      SideBySide.run(
          PolicySimulation.of("wsclock:tau=" + tau, frames, null),
          new NaiveWsClock(frames, tau),
          trace);
    }
  }
}
