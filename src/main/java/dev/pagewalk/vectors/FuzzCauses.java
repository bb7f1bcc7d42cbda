package dev.pagewalk.vectors;

import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which known mistakes explain what a subject answers, found while it is asked: a set that grows,
 * and that is held against right answers too.
 */
final class FuzzCauses implements AutoCloseable {
  private static final int MOST_RIGHT = 200;
  private static final int MOST_WRONG = 60;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final EnumSet<Deviation> known = EnumSet.noneOf(Deviation.class);
  private final Deque<WalkVector> right = new ArrayDeque<>();
  private final Deque<Sample> wrong = new ArrayDeque<>();
  private final boolean tellsMemory;

  /** A wrong answer. */
  private record Sample(WalkVector vector, List<SubjectAnswer.Said> said) {}

  FuzzCauses(boolean tellsMemory) {
    this.tellsMemory = tellsMemory;
  }

  /** The mistakes that were found. */
  Set<Deviation> known() {
    return known;
  }

  /** Takes note of a vector that was answered as it should be. */
  void right(WalkVector vector) {
    if (right.size() == MOST_RIGHT) {
      right.removeFirst();
    }
    right.addLast(vector);
  }

  /** The first wrong step of an answer, from 0, or -1. */
  int wrongStep(WalkVector vector, List<SubjectAnswer.Said> said) {
    return SubjectJudge.judge(vector, said, tellsMemory) instanceof Verdict.Failed failed
        ? failed.step() - 1
        : -1;
  }

  /** Whether what is known explains a wrong answer. */
  boolean isKnown(WalkVector vector, List<SubjectAnswer.Said> said) {
    return explains(known, vector, said);
  }

  /** The fewest of what is known that explain a wrong answer that it explains. */
  Set<Deviation> least(WalkVector vector, List<SubjectAnswer.Said> said) {
    EnumSet<Deviation> least = EnumSet.copyOf(known);
    for (Deviation deviation : known) {
      least.remove(deviation);
      if (!explains(least, vector, said)) {
        least.add(deviation);
      }
    }
    return least;
  }

  /**
   * Looks once more for the mistakes behind all wrong answers that were noted, with this one; they
   * are weighed against right answers.
   *
   * @return those that are needed for this one; nothing if none explain it
   */
  Optional<Set<Deviation>> learn(WalkVector vector, List<SubjectAnswer.Said> said) {
    if (wrong.size() == MOST_WRONG) {
      wrong.removeFirst();
    }
    wrong.addLast(new Sample(vector, said));
    EnumSet<Deviation> set = EnumSet.noneOf(Deviation.class);
    int score = score(set);
    for (Deviation best = best(set, score); best != null; best = best(set, score)) {
      set.add(best);
      score = score(set);
    }
    for (Deviation deviation : EnumSet.copyOf(set)) {
      EnumSet<Deviation> fewer = EnumSet.copyOf(set);
      fewer.remove(deviation);
      int without = score(fewer);
      if (without >= score) {
        set.remove(deviation);
        score = without;
      }
    }
    known.clear();
    known.addAll(set);
    return isKnown(vector, said) ? Optional.of(least(vector, said)) : Optional.empty();
  }

  /** The mistake with which the most answers are as they are; null if none helps. */
  private Deviation best(Set<Deviation> set, int score) {
    Deviation best = null;
    int most = score;
    for (Deviation deviation : Deviation.values()) {
      EnumSet<Deviation> more = EnumSet.of(deviation);
      more.addAll(set);
      int with = more.size() > set.size() ? score(more) : 0;
      if (with > most) {
        best = deviation;
        most = with;
      }
    }
    return best;
  }

  /** How many wrong answers the set gives too, and how many right ones it leaves right. */
  private int score(Set<Deviation> set) {
    int score = 0;
    for (Sample sample : wrong) {
      score += explains(set, sample.vector, sample.said) ? 1 : 0;
    }
    DeviantEngine engine = new DeviantEngine(memory, set);
    for (WalkVector vector : right) {
      List<SubjectAnswer.Said> said = Answers.of(engine, vector, ModelPresets.SDM);
      score += wrongStep(vector, said) < 0 ? 1 : 0;
    }
    return score;
  }

  private boolean explains(Set<Deviation> set, WalkVector vector, List<SubjectAnswer.Said> said) {
    int step = wrongStep(vector, said);
    DeviantEngine engine = new DeviantEngine(memory, set);
    List<SubjectAnswer.Said> like = Answers.of(engine, vector, ModelPresets.SDM);
    return step >= 0
        && wrongStep(vector, like) == step
        && Causes.isSame(said.get(step), like.get(step), tellsMemory);
  }

  @Override
  public void close() {
    memory.close();
  }
}
