package dev.pagewalk.mmu;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.mmu.TwinStream.Habits;
import dev.pagewalk.mmu.TwinTables.Size;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Plans of streams, by seed. */
final class TwinPlans {
  private static final Size SMALL = new Size(5, 8, 5, 3);
  private static final Size SMALL_PAGES = new Size(5, 8, 0, 0);
  private static final Size REGULAR = new Size(5, 20, 0, 0);
  private static final Size LARGE = new Size(6, 400, 60, 12);
  private static final int STEPS = TestSize.stepsOf(4000);

  private TwinPlans() {}

  /** A drawn processor with small structures. */
  static TwinRun.Plan small(long seed, boolean forgetful) {
    Random random = new Random(seed);
    CpuModel model = TwinModels.small(random);
    Cpu cpu = cpu(random);
    int calm = 4 << random.nextInt(4);
    int window = 4 << random.nextInt(5);
    Habits habits = new Habits(calm, window, cpu.has(Feature.CET_SS), forgetful);
    Size size = seed % 4 == 1 ? SMALL_PAGES : SMALL;
    return new TwinRun.Plan(model, cpu, root(random, cpu), size, habits, STEPS, false);
  }

  /**
   * A drawn processor with small structures, whose second-level hits and walks of 4 KiB pages have
   * short paths; there are few pages of other kinds.
   */
  static TwinRun.Plan withShortPaths(long seed) {
    Random random = new Random(seed);
    CpuModel model = TwinModels.withShortPaths(random);
    Cpu cpu = cpu(random);
    Habits habits = new Habits(16 << random.nextInt(4), 4 << random.nextInt(5), false, false);
    return new TwinRun.Plan(model, cpu, Level.PML4, REGULAR, habits, STEPS, true);
  }

  /** A drawn processor around {@code model}, with tables that fill large structures. */
  static TwinRun.Plan large(CpuModel model, long seed, int steps) {
    Random random = new Random(seed);
    Cpu cpu = cpu(random);
    Habits habits = new Habits(300, 100 << random.nextInt(5), cpu.has(Feature.CET_SS), false);
    return new TwinRun.Plan(model, cpu, root(random, cpu), LARGE, habits, steps, seed % 2 == 0);
  }

  /**
   * {@code plan} without shadow-stack accesses if the processor itself makes shadow-stack pages
   * behind its TLBs' back: a write that CR0.WP = 0 lets through sets D of a read-only page, and
   * software has no occasion to invalidate.
   */
  static TwinRun.Plan withoutOwnStaleness(TwinRun.Plan plan) {
    Habits habits = plan.habits();
    boolean sets = plan.cpu().choices().dirtyOnReadOnly() == DirtyOnReadOnly.SET;
    return new TwinRun.Plan(
        plan.model(),
        plan.cpu(),
        plan.root(),
        plan.size(),
        new Habits(
            habits.calm(), habits.window(), habits.shadowStacks() && !sets, habits.forgetful()),
        plan.steps(),
        plan.flat());
  }

  private static Level root(RandomGenerator random, Cpu cpu) {
    return cpu.has(Feature.LA57) && random.nextInt(3) == 0 ? Level.PML5 : Level.PML4;
  }

  private static Cpu cpu(RandomGenerator random) {
    List<ModelChoices> presets = List.copyOf(ModelPresets.all().values());
    ModelChoices choices = presets.get(random.nextInt(presets.size()));
    if (random.nextInt(4) == 0) {
      choices = choices.with(NonCanonicalStack.GENERAL_PROTECTION);
    }
    Set<Feature> features = EnumSet.allOf(Feature.class);
    if (random.nextInt(3) == 0) {
      Feature[] all = Feature.values();
      // CR4.PGE is what streams invalidate everything with.
      Feature missing = all[random.nextInt(all.length)];
      if (missing != Feature.PGE && missing != Feature.NX) {
        features.remove(missing);
      }
      if (missing == Feature.CET) {
        features.remove(Feature.CET_SS);
      }
    }
    int[] widths = {36, 39, 46, 52};
    return new Cpu(widths[random.nextInt(widths.length)], features, choices);
  }
}
