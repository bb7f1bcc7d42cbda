package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Picks few vectors that show as much as many: by greedy set cover, first over what must not be
 * lost, rules, pairs of rules and known mistakes, then, as far as there is room, over situations,
 * of which those count most that can be shown to a processor with few features.
 */
final class SmokeSet {
  /** So that worth may be divided. */
  private static final int SCALE = 1000;

  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<String, Integer> situations = new HashMap<>();

  /**
   * A vector that may be picked.
   *
   * @param vector the vector
   * @param line it as a line
   * @param shows indices of the rules, pairs of rules and mistakes that it shows
   * @param situations indices of the situations that it has been in
   * @param features how many features it uses
   */
  record Candidate(WalkVector vector, String line, BitSet shows, BitSet situations, int features) {}

  /** Adds a candidate; {@code names} are its situations. */
  void add(WalkVector vector, String line, BitSet shows, Set<String> names) {
    BitSet been = new BitSet();
    // In order, so that indices do not depend on how a set is hashed.
    names.stream()
        .sorted()
        .forEach(name -> {
          Integer known = situations.putIfAbsent(name, situations.size());
          been.set(known == null ? situations.size() - 1 : known);
        });
    candidates.add(new Candidate(vector, line, shows, been, FeatureUse.of(vector).size()));
  }

  /** At most {@code most} of the candidates, in the order in which they were added. */
  List<Candidate> pick(int most) {
    List<Candidate> left = new ArrayList<>(candidates);
    // Of two that show as much the one for more processors is picked, the simpler, the earlier.
    left.sort(
        Comparator.<Candidate, Boolean>comparing(one -> one.vector.isEvidence())
            .thenComparingInt(one -> Extension.of(one.vector).size())
            .thenComparingInt(Candidate::features)
            .thenComparingInt(one -> one.vector.steps().size())
            .thenComparingInt(one -> one.vector.memory().size()));
    Set<Candidate> picked = Collections.newSetFromMap(new IdentityHashMap<>());
    cover(left, picked, most, true);
    cover(left, picked, most, false);
    return candidates.stream().filter(picked::contains).toList();
  }

  private static void cover(
      List<Candidate> left, Set<Candidate> picked, int most, boolean mustStay) {
    BitSet covered = new BitSet();
    picked.forEach(one -> covered.or(of(one, mustStay)));
    while (picked.size() < most) {
      Candidate best = null;
      int gain = 0;
      for (Candidate one : left) {
        BitSet more = (BitSet) of(one, mustStay).clone();
        more.andNot(covered);
        // Of what need not be there, rather more that a plain processor can be asked.
        int worth = SCALE * more.cardinality() / (mustStay ? 1 : 1 + one.features);
        if (worth > gain) {
          gain = worth;
          best = one;
        }
      }
      if (best == null) {
        return;
      }
      picked.add(best);
      left.remove(best);
      covered.or(of(best, mustStay));
    }
  }

  private static BitSet of(Candidate candidate, boolean mustStay) {
    return mustStay ? candidate.shows : candidate.situations;
  }
}
