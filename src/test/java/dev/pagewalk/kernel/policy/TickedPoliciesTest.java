package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where a book lets any of several pages go, one of these goes: of the lowest class (NRU), or with
 * the lowest counter (aging), both worked out here anew at each fault.
 */
final class TickedPoliciesTest {
  private static final int TICK_EVERY = 17;

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nruTakesAPageOfTheLowestClass(int seed) {
    Map<Integer, Integer> accessed = new TreeMap<>();
    Set<Integer> dirty = new TreeSet<>();
    play(
        "nru",
        seed,
        new Rule() {
          @Override
          public void access(int page, boolean isWrite) {
            accessed.put(page, 2);
            if (isWrite) {
              dirty.add(page);
            }
          }

          @Override
          public int rank(int page) {
            return accessed.getOrDefault(page, 0) + (dirty.contains(page) ? 1 : 0);
          }

          @Override
          public void tick() {
            accessed.clear();
          }

          @Override
          public void gone(int page) {
            accessed.remove(page);
            dirty.remove(page);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void agingTakesAPageWithTheLowestCounter(int seed) {
    Map<Integer, String> counters = new TreeMap<>();
    Set<Integer> accessed = new TreeSet<>();
    play(
        "aging:bits=4",
        seed,
        new Rule() {
          @Override
          public void access(int page, boolean isWrite) {
            accessed.add(page);
            counters.putIfAbsent(page, "1000");
          }

          @Override
          public int rank(int page) {
            return Integer.parseInt(counters.get(page), 2);
          }

          @Override
          public void tick() {
            counters.replaceAll(
                (page, bits) -> (accessed.contains(page) ? "1" : "0") + bits.substring(0, 3));
            accessed.clear();
          }

          @Override
          public void gone(int page) {
            counters.remove(page);
            accessed.remove(page);
          }
        });
  }

  /** What a book says of pages. */
  private interface Rule {
    void access(int page, boolean isWrite);

    /** A page of the lowest rank goes. */
    int rank(int page);

    void tick();

    void gone(int page);
  }

  private static void play(String policy, int seed, Rule rule) {
    int[] trace = SampleTraces.of(seed);
    for (int frames = 1; frames <= 12; frames++) {
      int count = frames;
      PolicySimulation simulation =
          new PolicySimulation(frames, TICK_EVERY, view -> Policies.create(policy, count, view));
      for (int i = 0; i < trace.length; i++) {
        Set<Integer> before = pages(simulation);
        int lowest = before.stream().mapToInt(rule::rank).min().orElse(0);
        simulation.run(new int[] {trace[i]}, 1);
        before.removeAll(pages(simulation));
        assertTrue(before.size() <= 1);
        for (int gone : before) {
          assertEquals(lowest, rule.rank(gone), policy + ", access " + i);
          rule.gone(gone);
        }
        rule.access(PolicySimulation.page(trace[i]), trace[i] < 0);
        if ((i + 1) % TICK_EVERY == 0) {
          rule.tick();
        }
      }
      pages(simulation).forEach(rule::gone);
    }
  }

  private static Set<Integer> pages(PolicySimulation simulation) {
    return Arrays.stream(simulation.residentPages())
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
