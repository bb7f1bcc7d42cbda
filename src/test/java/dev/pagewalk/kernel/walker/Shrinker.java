package dev.pagewalk.kernel.walker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Finds few steps that go wrong too: delta debugging, by halves, quarters and so on. */
final class Shrinker {
  /** Nanoseconds after which the best so far must do. */
  private static final long MOST_TIME = 20_000_000_000L;

  private final Function<List<Step>, Episode.Failure> replay;
  private Episode.Failure best;
  private String kind;
  private final long start = System.nanoTime();

  Shrinker(Function<List<Step>, Episode.Failure> replay) {
    this.replay = replay;
  }

  Episode.Failure shrink(Episode.Failure failure) {
    best = failure;
    tries(failure.steps());
    kind = kind(best);
    int chunk = Math.max(1, best.steps().size() / 2);
    while (hasTime()) {
      boolean shorter = without(chunk);
      if (!shorter && chunk == 1) {
        break;
      }
      chunk = shorter && chunk > 1 ? chunk : Math.max(1, chunk / 2);
      chunk = Math.min(chunk, Math.max(1, best.steps().size() / 2));
    }
    return best;
  }

  /** Leaves out each chunk in turn, from the end on; whether one was not needed. */
  private boolean without(int chunk) {
    boolean shorter = false;
    for (int end = best.steps().size(); end > 0 && hasTime(); end -= chunk) {
      end = Math.min(end, best.steps().size());
      List<Step> rest = new ArrayList<>(best.steps());
      rest.subList(Math.max(0, end - chunk), end).clear();
      shorter |= rest.size() < best.steps().size() && tries(rest);
    }
    return shorter;
  }

  private boolean tries(List<Step> steps) {
    Episode.Failure failure = replay.apply(steps);
    boolean same = failure != null && (kind == null || kind.equals(kind(failure)));
    if (same) {
      best = failure;
    }
    return same;
  }

  private boolean hasTime() {
    return System.nanoTime() - start < MOST_TIME;
  }

  /** What was wrong, without numbers. */
  private static String kind(Episode.Failure failure) {
    return failure.cause().toString().replaceAll("[0-9a-f]+", "");
  }
}
