package dev.pagewalk.vectors;

import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the known mistakes that explain what a subject answered: the smallest set of {@link
 * Deviation}s with which {@link DeviantEngine} gives the same wrong answers, and right ones where
 * the subject was right.
 *
 * <p>The set grows by the mistake that explains the most, as long as one explains anything, and is
 * then freed of what it can do without.
 */
final class Causes implements AutoCloseable {
  /** Answers that are kept of each group of vectors, of wrong ones and of right ones. */
  private static final int MOST_OF_A_GROUP = 80;

  /** Mistakes that are looked at closely in a round, of those that explain the most. */
  private static final int CLOSELY = 6;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final List<Sample> wrong = new ArrayList<>();
  private final List<Sample> right = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final boolean tellsMemory;

  /** An answer of the subject; {@code step} is the first wrong one, from 0, or -1. */
  private record Sample(
      WalkVector vector, VerifyReport.Place place, List<SubjectAnswer.Said> said, int step) {}

  /**
   * How much a set of mistakes explains.
   *
   * @param wrong wrong answers that it gives too
   * @param right right answers that it leaves right
   */
  private record Score(int wrong, int right) {
    int total() {
      return wrong + right;
    }
  }

  /**
   * What was found.
   *
   * @param causes each with what it explains
   * @param examined how many wrong answers were looked at
   * @param unexplained how many of them no set explains
   */
  record Found(List<VerifyReport.Cause> causes, int examined, int unexplained) {}

  Causes(boolean tellsMemory) {
    this.tellsMemory = tellsMemory;
  }

  /** Takes an answer into account. */
  void add(WalkVector vector, VerifyReport.Place place, List<SubjectAnswer.Said> said) {
    add(vector, place, said, SubjectJudge.judge(vector, said, tellsMemory));
  }

  /** Takes an answer into account that has been judged. */
  void add(
      WalkVector vector, VerifyReport.Place place, List<SubjectAnswer.Said> said, Verdict verdict) {
    int step = verdict instanceof Verdict.Failed failed ? failed.step() - 1 : -1;
    String kind = vector.group() + (step < 0 ? " right" : " wrong " + what(said.get(step)));
    if (counts.merge(kind, 1, Integer::sum) <= MOST_OF_A_GROUP) {
      (step < 0 ? right : wrong).add(new Sample(vector, place, said, step));
    }
  }

  /** The kind of a wrong answer: rare kinds are not to be lost among frequent ones. */
  private static String what(SubjectAnswer.Said said) {
    return said.outcome() instanceof Outcome.PageFault(int error, long _)
        ? "#PF " + error
        : said.outcome().getClass().getSimpleName();
  }

  /** Finds the causes of all wrong answers so far. */
  Found find() {
    EnumSet<Deviation> set = EnumSet.noneOf(Deviation.class);
    // Evidence on which the side that is held for right is not the manual's is no mistake.
    DeviantEngine sound = new DeviantEngine(memory, set);
    wrong.removeIf(sample -> isExplained(sample, sound));
    Score score = score(set);
    while (score.wrong < wrong.size()) {
      Deviation best = best(set, score);
      if (best == null) {
        break;
      }
      set.add(best);
      score = score(set);
    }
    for (Deviation deviation : EnumSet.copyOf(set)) {
      EnumSet<Deviation> fewer = EnumSet.copyOf(set);
      fewer.remove(deviation);
      Score left = score(fewer);
      if (left.total() >= score.total()) {
        set.remove(deviation);
        score = left;
      }
    }
    return new Found(causes(set), wrong.size(), wrong.size() - score.wrong);
  }

  /** The mistake that explains the most beside those of {@code set}; null if none does. */
  private Deviation best(EnumSet<Deviation> set, Score now) {
    record Candidate(Deviation deviation, int wrong) {}
    List<Candidate> candidates = new ArrayList<>();
    for (Deviation deviation : EnumSet.complementOf(set)) {
      EnumSet<Deviation> more = EnumSet.copyOf(set);
      more.add(deviation);
      int explained = count(wrong, more);
      if (explained > now.wrong) {
        candidates.add(new Candidate(deviation, explained));
      }
    }
    candidates.sort(Comparator.comparingInt(Candidate::wrong).reversed());
    Deviation best = null;
    int most = now.total();
    for (Candidate candidate : candidates.stream().limit(CLOSELY).toList()) {
      EnumSet<Deviation> more = EnumSet.copyOf(set);
      more.add(candidate.deviation);
      int total = candidate.wrong + count(right, more);
      if (total > most) {
        most = total;
        best = candidate.deviation;
      }
    }
    return best;
  }

  private Score score(Set<Deviation> set) {
    return new Score(count(wrong, set), count(right, set));
  }

  private int count(List<Sample> samples, Set<Deviation> set) {
    DeviantEngine engine = new DeviantEngine(memory, set);
    int count = 0;
    for (Sample sample : samples) {
      count += isExplained(sample, engine) ? 1 : 0;
    }
    return count;
  }

  /** Whether the engine's answer is as wrong as the subject's, or right where that is right. */
  private boolean isExplained(Sample sample, DeviantEngine engine) {
    List<SubjectAnswer.Said> said = Answers.of(engine, sample.vector, ModelPresets.SDM);
    Verdict verdict = SubjectJudge.judge(sample.vector, said, tellsMemory);
    if (sample.step < 0) {
      return verdict instanceof Verdict.Passed;
    }
    return verdict instanceof Verdict.Failed failed
        && failed.step() - 1 == sample.step
        && isSame(sample.said.get(sample.step), said.get(sample.step), tellsMemory);
  }

  /** Whether two answers to a step are the same, as far as they tell. */
  static boolean isSame(SubjectAnswer.Said one, SubjectAnswer.Said other, boolean tellsMemory) {
    return one.outcome().equals(other.outcome())
        && (!tellsMemory || isSameWords(one.changed(), other.changed()));
  }

  private static boolean isSameWords(Words one, Words other) {
    return isSubset(one, other) && isSubset(other, one);
  }

  private static boolean isSubset(Words some, Words all) {
    for (int i = 0; some != null && i < some.size(); i++) {
      int at = all == null ? -1 : all.indexOf(some.address(i));
      if (at < 0 || all.value(at) != some.value(i)) {
        return false;
      }
    }
    return true;
  }

  /** The causes, those that explain the most first, each with its simplest vector as proof. */
  private List<VerifyReport.Cause> causes(EnumSet<Deviation> set) {
    List<VerifyReport.Cause> causes = new ArrayList<>();
    for (Deviation deviation : set) {
      EnumSet<Deviation> others = EnumSet.copyOf(set);
      others.remove(deviation);
      DeviantEngine with = new DeviantEngine(memory, set);
      DeviantEngine without = new DeviantEngine(memory, others);
      List<Sample> due =
          wrong.stream()
              .filter(sample -> isExplained(sample, with) && !isExplained(sample, without))
              .toList();
      if (!due.isEmpty()) {
        Sample proof =
            due.stream()
                .min(
                    Comparator.<Sample, Boolean>comparing(sample -> sample.vector.isEvidence())
                        .thenComparingInt(sample -> sample.vector.steps().size())
                        .thenComparingInt(sample -> sample.vector.memory().size()))
                .orElseThrow();
        causes.add(new VerifyReport.Cause(deviation, due.size(), proof.place));
      }
    }
    causes.sort(Comparator.comparingInt(VerifyReport.Cause::answers).reversed());
    return causes;
  }

  @Override
  public void close() {
    memory.close();
  }
}
