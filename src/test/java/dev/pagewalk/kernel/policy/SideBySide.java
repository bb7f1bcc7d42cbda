package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** Runs a policy and a naive statement of it, and compares them after each access. */
final class SideBySide {
  private SideBySide() {}

  /** Ticks come as {@link PolicySimulation#TICK_EVERY} says: never, in a short trace. */
  static void run(PolicySimulation simulation, NaivePolicy naive, int[] trace) {
    run(simulation, naive, trace, PolicySimulation.TICK_EVERY);
  }

  /** The simulation ticks by itself; the naive one is told to after the same accesses. */
  static void run(PolicySimulation simulation, NaivePolicy naive, int[] trace, int tickEvery) {
    int[] one = new int[1];
    for (int i = 0; i < trace.length; i++) {
      one[0] = trace[i];
      int before = naive.faults;
      naive.access(trace[i]);
      simulation.run(one, 1);
      if ((i + 1) % tickEvery == 0) {
        naive.tick();
      }
      int place = i;
      assertEquals(naive.faults, simulation.counts().faults(), () -> "after access " + place);
      if (naive.faults == before) {
        continue;
      }
      assertEquals(
          naive.resident.stream().sorted().toList(),
          Arrays.stream(simulation.residentPages()).sorted().boxed().toList(),
          () -> naive.frames + " frames, after access " + place + " of " + Arrays.toString(trace));
      assertEquals(naive.writeBacks, simulation.counts().writeBacks(), "write-backs");
    }
    assertEquals(trace.length, simulation.counts().accesses());
  }
}
