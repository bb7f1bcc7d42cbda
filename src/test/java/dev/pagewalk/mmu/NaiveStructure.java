package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A set-associative structure of the naive MMU, a TLB or a paging-structure cache, and its counts.
 *
 * @param <E> what it holds
 */
final class NaiveStructure<E> {
  private final List<NaiveSet<E>> sets = new ArrayList<>();
  private long hits;
  private long misses;
  private long fills;
  private long evictions;
  private long invalidations;

  /** Where an entry was found. */
  record Place<E>(NaiveSet<E> set, int way) {
    E entry() {
      return set.get(way);
    }
  }

  /** What {@link #forEach} is told of an entry. */
  interface Visitor<E> {
    void visit(int set, int way, int age, E entry);
  }

  NaiveStructure(CacheGeometry shape, NaiveDraws draws) {
    for (int i = 0; i < shape.sets(); i++) {
      sets.add(new NaiveSet<>(shape, draws));
    }
  }

  /** The set for {@code address} in units of 2^{@code shift} bytes. */
  NaiveSet<E> setOf(long address, int shift) {
    return sets.get((int) Long.remainderUnsigned(address >>> shift, sets.size()));
  }

  /** The first way of {@code set} whose entry passes {@code test}, or {@code null}. */
  Place<E> find(NaiveSet<E> set, Predicate<E> test) {
    for (int way = 0; way < set.size(); way++) {
      if (set.get(way) != null && test.test(set.get(way))) {
        return new Place<>(set, way);
      }
    }
    return null;
  }

  /**
   * Puts {@code entry} into {@code set}, over the entry that {@code same} names if there is one.
   */
  void fill(NaiveSet<E> set, E entry, Predicate<E> same) {
    Place<E> old = find(set, same);
    int way = old != null ? old.way() : set.wayForNew();
    if (old == null && set.get(way) != null) {
      evictions++;
    }
    set.put(way, entry);
    set.use(way);
    fills++;
  }

  /** Drops every entry that passes {@code test}. */
  void invalidate(Predicate<E> test) {
    sets.forEach(set -> invalidate(set, test));
  }

  /** Drops every entry of {@code set} that passes {@code test}. */
  void invalidate(NaiveSet<E> set, Predicate<E> test) {
    for (int way = 0; way < set.size(); way++) {
      if (set.get(way) != null && test.test(set.get(way))) {
        set.drop(way);
        invalidations++;
      }
    }
  }

  void countHit() {
    hits++;
  }

  void countMiss() {
    misses++;
  }

  MmuCounters.Structure counters() {
    return new MmuCounters.Structure(hits, misses, fills, evictions, invalidations);
  }

  void resetCounters() {
    hits = 0;
    misses = 0;
    fills = 0;
    evictions = 0;
    invalidations = 0;
  }

  /** Visits all entries by set and way. */
  void forEach(Visitor<E> visitor) {
    for (int i = 0; i < sets.size(); i++) {
      NaiveSet<E> set = sets.get(i);
      for (int way = 0; way < set.size(); way++) {
        if (set.get(way) != null) {
          visitor.visit(i, way, set.age(way), set.get(way));
        }
      }
    }
  }
}
