package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true of faults whatever the trace. */
final class FaultPropertiesTest {
  static IntStream seeds() {
    return IntStream.range(1000, 1100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nobodyFaultsLessThanOpt(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 16; frames++) {
      long least = PolicySimulation.run("opt", frames, trace).faults();
      for (String policy : Policies.names()) {
        long faults = PolicySimulation.run(policy, frames, trace).faults();
        assertTrue(least <= faults, policy + " has " + faults + " in " + frames + " frames");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void moreFramesAreNeverMoreFaultsForStackAlgorithms(int seed) {
    int[] trace = SampleTraces.of(seed);
    for (String policy : new String[] {"lru", "opt"}) {
      long before = Long.MAX_VALUE;
      for (int frames = 1; frames <= 25; frames++) {
        long faults = PolicySimulation.run(policy, frames, trace).faults();
        assertTrue(faults <= before, policy + ", " + frames + " frames");
        before = faults;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPageFaultsOnceIfAllFit(int seed) {
    int[] trace = SampleTraces.of(seed);
    int pages = (int) Arrays.stream(trace).map(PolicySimulation::page).distinct().count();
    for (String policy : Policies.names()) {
      PolicyCounts counts = PolicySimulation.run(policy, pages, trace);
      assertEquals(new PolicyCounts(trace.length, pages, 0, counts.writeBacks()), counts, policy);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPolicyFaultsAlwaysWithOneFrame(int seed) {
    int[] trace = SampleTraces.of(seed);
    int changes = 1;
    for (int i = 1; i < trace.length; i++) {
      changes += PolicySimulation.page(trace[i]) == PolicySimulation.page(trace[i - 1]) ? 0 : 1;
    }
    for (String policy : Policies.names()) {
      PolicyCounts counts = PolicySimulation.run(policy, 1, trace);
      assertEquals(changes, counts.faults(), policy);
      assertEquals(changes - 1, counts.evictions(), policy);
    }
  }
}
