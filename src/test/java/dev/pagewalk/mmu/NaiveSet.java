package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One set of a structure: its ways, in which order they were used, and which is given up.
 *
 * @param <E> what a way holds
 */
final class NaiveSet<E> {
  private final CacheGeometry shape;
  private final NaiveDraws draws;
  private final NaivePlruTree tree;

  /** The ways; {@code null} is an empty one. */
  private final List<E> ways;

  /** Ways that were ever used, the last one first. */
  private final List<Integer> recency = new ArrayList<>();

  NaiveSet(CacheGeometry shape, NaiveDraws draws) {
    this.shape = shape;
    this.draws = draws;
    this.tree = new NaivePlruTree(shape.ways());
    this.ways = new ArrayList<>(Collections.nCopies(shape.ways(), null));
  }

  /** What way {@code way} holds, or {@code null}. */
  E get(int way) {
    return ways.get(way);
  }

  int size() {
    return ways.size();
  }

  /** Makes {@code way} the most recently used one. */
  void use(int way) {
    recency.remove(Integer.valueOf(way));
    recency.addFirst(way);
    tree.use(way);
  }

  void put(int way, E entry) {
    ways.set(way, entry);
  }

  void drop(int way) {
    ways.set(way, null);
  }

  /** How many ways that hold something were used after {@code way}. */
  int age(int way) {
    int age = 0;
    for (int used : recency) {
      if (used == way) {
        return age;
      }
      age += ways.get(used) == null ? 0 : 1;
    }
    throw new IllegalStateException("never used: " + way);
  }

  /** Where a new entry goes: the first empty way, or the one that the policy gives up. */
  int wayForNew() {
    int empty = ways.indexOf(null);
    return empty >= 0 ? empty : victim();
  }

  private int victim() {
    return switch (shape.replacement()) {
      case LRU -> recency.getLast();
      case TREE_PLRU -> tree.victim();
      case RANDOM -> draws.next(shape.ways());
      case NMRU -> notMostRecentlyUsed();
    };
  }

  private int notMostRecentlyUsed() {
    if (shape.ways() == 1) {
      return 0;
    }
    List<Integer> others = new ArrayList<>();
    for (int way = 0; way < shape.ways(); way++) {
      if (way != recency.getFirst()) {
        others.add(way);
      }
    }
    return others.get(draws.next(others.size()));
  }
}
