package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Replacement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The MMU does what the naive one does: answers, words, counters, contents, ages. */
class NaiveTwinTest {
  @Test
  void smallStructuresOfAnyArrangementAgree() {
    int streams = TestSize.pickStreams(150, 10_000);
    List<TwinRun.Plan> plans = new ArrayList<>();
    for (long seed = 0; seed < streams; seed++) {
      plans.add(TwinPlans.small(seed, false));
    }
    run("small structures", plans);
  }

  @Test
  void shortPathsAgree() {
    int streams = TestSize.pickStreams(60, 5_000);
    List<TwinRun.Plan> plans = new ArrayList<>();
    for (long seed = 0; seed < streams; seed++) {
      plans.add(TwinPlans.withShortPaths(seed));
    }
    run("short paths", plans);
  }

  @Test
  void theyAgreeWhereSoftwareForgetsToInvalidate() {
    int streams = TestSize.pickStreams(50, 3_000);
    List<TwinRun.Plan> plans = new ArrayList<>();
    for (long seed = 0; seed < streams; seed++) {
      plans.add(TwinPlans.small(~seed, true));
    }
    run("forgetful software", plans);
  }

  @Test
  void largeStructuresAgree() {
    int steps = TestSize.pick(15_000, 300_000);
    List<TwinRun.Plan> plans = new ArrayList<>();
    List<CpuModel> models = largeModels();
    // Of seven shapes, each with four policies.
    int stride = TestSize.get() == TestSize.MUTATION ? 6 : 1;
    for (int i = 0; i < models.size(); i += stride) {
      plans.add(TwinPlans.large(models.get(i), i, steps));
    }
    run("large structures", plans);
  }

  @Test
  void fullyAssociativeFirstLevelsOfEachPortAgree() {
    int steps = TestSize.pick(10_000, 300_000);
    List<TwinRun.Plan> plans = new ArrayList<>();
    for (Replacement replacement : List.of(Replacement.TREE_PLRU, Replacement.LRU)) {
      for (int ways : new int[] {12, 16, 40}) {
        plans.add(TwinPlans.large(TwinModels.apart(ways, replacement), plans.size(), steps));
      }
    }
    run("ports apart", plans);
  }

  private static List<CpuModel> largeModels() {
    List<CpuModel> models = new ArrayList<>();
    Random random = new Random(1);
    for (Replacement replacement : Replacement.values()) {
      models.add(TwinModels.yardstick(replacement));
      for (int ways : new int[] {64, 72, 96}) {
        models.add(TwinModels.fullyAssociative(ways, replacement));
      }
      models.add(TwinModels.wide(replacement));
      models.add(TwinModels.desktop(random, EnumSet.range(Level.PML5, Level.PD)));
      models.add(TwinModels.desktop(random, EnumSet.of(Level.PD)));
    }
    return models;
  }

  private static void run(String what, List<TwinRun.Plan> plans) {
    long start = System.nanoTime();
    List<String> differences = new ArrayList<>();
    long steps = 0;
    for (int i = 0; i < plans.size() && differences.isEmpty(); i++) {
      new TwinRun(plans.get(i), i, TwinKind.MMU, TwinKind.NAIVE).run().ifPresent(differences::add);
      steps += plans.get(i).steps();
    }
    assertEquals(List.of(), differences);
    System.out.printf(
        "[pagewalk] MMU against naive MMU, %s: %,d steps in %d streams in %.1f s%n",
        what, steps, plans.size(), (System.nanoTime() - start) / 1e9);
  }
}
