package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.KernelCheck;
import dev.pagewalk.kernel.VmEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One walk from a fresh machine until all processes have ended. */
final class Episode {
  /** Steps between two whole checks while nothing is wrong. */
  private static final int WHOLE = 32;

  private static final int TLBS = 8;
  private static final int CONTENTS = 1000;

  /**
   * A walk that has gone wrong.
   *
   * @param steps all that were made, the last one the first after which something was wrong
   * @param cause what was wrong
   */
  record Failure(List<Step> steps, Throwable cause) {}

  private final World world;
  private final List<Step> made = new ArrayList<>();
  private int shortages;
  private int killed;
  private long stolen;
  private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);

  Episode(World world) {
    this.world = world;
  }

  /** How often each operation was made. */
  Map<Operation, Integer> counts() {
    return counts;
  }

  /** How many steps failed because there was too little memory. */
  int shortages() {
    return shortages;
  }

  /** How many processes were killed for that. */
  int killed() {
    return killed;
  }

  /** How many pages were reclaimed. */
  long stolen() {
    return stolen;
  }

  /** Walks {@code count} steps; null if all was well. */
  Failure random(long seed, int count) {
    try (Walk walk = new Walk(world)) {
      StepMaker steps = new StepMaker(walk, seed);
      Random sample = new Random(seed);
      for (int i = 1; i <= count; i++) {
        Step step = steps.next();
        made.add(step);
        if (walk.perform(step)) {
          counts.merge(step.operation(), 1, Integer::sum);
        }
        check(walk, i, sample);
      }
      shortages = walk.shortages;
      killed = walk.killed;
      stolen =
          walk.kernel.stat().get(VmEvent.PGSTEAL_DIRECT)
              + walk.kernel.stat().get(VmEvent.PGSTEAL_KSWAPD);
      walk.compareAll();
      walk.end();
      return null;
    } catch (AssertionError | RuntimeException e) {
      return new Failure(List.copyOf(made), e);
    }
  }

  private static void check(Walk walk, int step, Random sample) {
    KernelCheck.quick(walk.kernel);
    ModelProcess process = walk.processes[sample.nextInt(Walk.PLACES)];
    if (process != null) {
      walk.compare(process, ModelProcess.LOW + 4096L * sample.nextInt(96));
    }
    if (step % TLBS == 0) {
      walk.checkTlbs();
    }
    if (step % WHOLE == 0) {
      KernelCheck.whole(walk.kernel);
      walk.compareMappings(sample.nextInt(Walk.PLACES));
    }
    if (step % CONTENTS == 0) {
      walk.compareAll();
    }
  }

  /** Makes {@code steps} and checks everything after the last; null if all was well. */
  Failure replay(List<Step> steps) {
    made.clear();
    try (Walk walk = new Walk(world)) {
      for (Step step : steps) {
        made.add(step);
        walk.perform(step);
      }
      KernelCheck.whole(walk.kernel);
      walk.checkTlbs();
      walk.compareAll();
      walk.end();
      return null;
    } catch (AssertionError | RuntimeException e) {
      return new Failure(List.copyOf(made), e);
    }
  }
}
