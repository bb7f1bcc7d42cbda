package dev.pagewalk.kernel.walker;

import java.util.EnumMap;
import java.util.Map;

/** Many walks on machines of one setting, each with a seed of its own. */
final class RandomWalk {
  private static final int STEPS = 4000;

  private final World world;
  private int shortages;
  private int killed;
  private long stolen;
  private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);

  RandomWalk(World world) {
    this.world = world;
  }

  /** Walks at least {@code steps} steps from {@code seed} on; null, or what was found. */
  String run(long seed, long steps) {
    long left = steps;
    for (long number = seed; left > 0; number++, left -= STEPS) {
      String found = episode(number);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private String episode(long seed) {
    Episode episode = new Episode(world);
    Episode.Failure failure = episode.random(seed, STEPS);
    shortages += episode.shortages();
    killed += episode.killed();
    stolen += episode.stolen();
    episode.counts().forEach((operation, count) -> counts.merge(operation, count, Integer::sum));
    return failure == null ? null : report(seed, failure);
  }

  private String report(long seed, Episode.Failure first) {
    Episode.Failure least = new Shrinker(steps -> new Episode(world).replay(steps)).shrink(first);
    StringBuilder text = new StringBuilder();
    text.append("setting ").append(world.setting().name()).append(", seed ").append(seed);
    text.append(", step ").append(first.steps().size()).append(": ").append(first.cause());
    text.append("\n  the same kind of mistake with ").append(least.steps().size());
    text.append(" steps: ").append(least.cause()).append('\n');
    least.steps().forEach(step -> text.append("    ").append(step).append('\n'));
    for (StackTraceElement frame : least.cause().getStackTrace()) {
      if (frame.getClassName().startsWith("dev.pagewalk")) {
        text.append("      at ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  /** How many steps failed because there was too little memory. */
  int shortages() {
    return shortages;
  }

  /** How many processes were killed because memory was out. */
  int killed() {
    return killed;
  }

  /** How many pages were reclaimed. */
  long stolen() {
    return stolen;
  }

  /** How many steps of each kind were made. */
  Map<Operation, Integer> counts() {
    return counts;
  }
}
