package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Replacement;
import java.util.Arrays;

/**
 * A set-associative structure in a {@code long[]}: a tag and a word for each entry, and the order
 * in which the entries of a set were used.
 *
 * <p>Entries are named by the index of their tag in the array; the word lies {@link #wordAt}
 * further on. The order is exact whatever the policy, which only says what it is read for: up to
 * {@value #MOST_PACKED} ways it may be one word of a set's record, a list of 4-bit ways with the
 * last used at the bottom (packed); else each entry has a time stamp {@link #stampAt} further on.
 * Tree pseudo-LRU can be read from it too; where that takes long, a set has a {@link PlruTree}
 * besides. An empty entry has the word 0 and is older than any other, so that it is filled first.
 */
class Structure {
  /** Most ways whose order fits into one word. */
  static final int MOST_PACKED = 16;

  /** The tag of an empty entry: not canonical, so that nothing that is looked for equals it. */
  static final long NONE = 1L << 62;

  /** Later than the stamp of any empty entry, which is its index. */
  private static final long FIRST_STAMP = 1L << 24;

  /** Tag bits that hold the PCID. */
  static final long PCID = 0xfff;

  final long[] array;
  final int base;
  final int sets;
  final int ways;
  final boolean packed;

  /** From one set's first tag to the next one's. */
  final int stride;

  /** From a tag to its word. */
  final int wordAt;

  /** From a tag to its time stamp; if packed, from the first tag of a set back to the order. */
  final int stampAt;

  /** From the first tag of a set to the first word of its tree; 0 if it has none. */
  final int treeAt;

  /** What the words of trees mean; null if there are none. */
  final PlruTree tree;

  final Replacement replacement;
  private final long randomSeed;
  private long random;
  private long clock = FIRST_STAMP;

  /** Whether anything may have been filled since the structure was emptied. */
  boolean isUsed = true;

  long hits;
  long misses;
  long fills;
  long refills;
  long invalidations;

  /** Valid entries when the counters were last reset. */
  long validAtReset;

  Structure(Placement at, CacheGeometry shape, long randomSeed) {
    this.array = at.array();
    this.base = at.base();
    this.stride = at.stride();
    this.wordAt = at.wordAt();
    this.stampAt = at.stampAt();
    this.treeAt = at.treeAt();
    this.packed = at.packed();
    this.sets = shape.sets();
    this.ways = shape.ways();
    this.replacement = shape.replacement();
    this.tree = treeAt == 0 ? null : PlruTree.of(ways);
    this.randomSeed = randomSeed == 0 ? 1 : randomSeed;
    empty();
  }

  /** Forgets everything but the counters. */
  final void empty() {
    for (int set = 0; isUsed && set < sets; set++) {
      empty(first(set));
    }
    isUsed = false;
    random = randomSeed;
    clock = FIRST_STAMP;
  }

  private void empty(int first) {
    Arrays.fill(array, first, first + ways, NONE);
    Arrays.fill(array, first + wordAt, first + wordAt + ways, 0);
    for (int i = first; !packed && i < first + ways; i++) {
      array[i + stampAt] = i;
    }
    if (packed) {
      array[first + stampAt] = initialOrder();
    }
    if (treeAt != 0) {
      array[first + treeAt] = 0;
      array[first + treeAt + 1] = 0;
    }
  }

  final void resetCounters() {
    hits = 0;
    misses = 0;
    fills = 0;
    refills = 0;
    invalidations = 0;
    validAtReset = isUsed ? valid() : 0;
  }

  /** Index of the first tag of the set that {@code number}, of a page say, belongs to. */
  final int firstOf(long number) {
    return first((int) number & (sets - 1));
  }

  final int first(int set) {
    return base + set * stride;
  }

  /**
   * The entry of the set from {@code first} on that matches {@code tag}: the same but for the PCID,
   * and the same PCID or global. -1 if there is none.
   */
  final int find(int first, long tag) {
    for (int i = first; i < first + ways; i++) {
      long differs = array[i] ^ tag;
      if (differs == 0) {
        return i;
      }
      if ((differs & ~PCID) == 0 && (array[i + wordAt] & Cached.G) != 0) {
        return i;
      }
    }
    return -1;
  }

  /** Makes the entry at {@code i} the last used of its set. */
  final void use(int first, int i) {
    if (packed) {
      array[first + stampAt] = Order.front(array[first + stampAt], i - first, ways);
    } else {
      array[i + stampAt] = stamp(i);
    }
    if (treeAt != 0) {
      tree.use(array, first + treeAt, i - first);
    }
  }

  /** A time stamp for the entry at {@code i}, later than all before. */
  long stamp(int i) {
    return ++clock;
  }

  /**
   * Writes an entry: over the one that matches, into an empty way, or in place of the policy's
   * victim, and makes it the last used.
   *
   * @return its index
   */
  final int fill(int first, long tag, long word) {
    int i = find(first, tag);
    fills++;
    if (i >= 0) {
      refills++;
    } else {
      i = first + victim(first);
    }
    isUsed = true;
    array[i] = tag;
    array[i + wordAt] = word;
    use(first, i);
    return i;
  }

  /** The way to be filled next: an empty one if there is one, else what the policy gives up. */
  final int victim(int first) {
    if (treeAt != 0 && (array[first + treeAt] & PlruTree.FULL) != 0) {
      return tree.victim(array, first + treeAt);
    }
    int oldest = oldest(first);
    if (array[first + oldest + wordAt] == 0 || replacement == Replacement.LRU || ways == 1) {
      return oldest;
    }
    return switch (replacement) {
      case LRU -> oldest;
      case TREE_PLRU -> {
        if (treeAt != 0) {
          array[first + treeAt] |= PlruTree.FULL;
        }
        yield treeVictim(first);
      }
      case RANDOM -> draw(ways);
      case NMRU -> {
        int last = newest(first, 0, ways);
        int way = draw(ways - 1);
        yield way < last ? way : way + 1;
      }
    };
  }

  /**
   * Tree pseudo-LRU, read from the exact order: a node's bit points away from the half that was
   * used last, which is the half that has the entry used last.
   */
  private int treeVictim(int first) {
    int low = 0;
    int high = ways;
    while (high - low > 1) {
      int middle = low + (high - low + 1) / 2;
      if (newest(first, low, high) < middle) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int oldest(int first) {
    if (packed) {
      return (int) Order.last(array[first + stampAt], ways) & 15;
    }
    int found = 0;
    for (int way = 1; way < ways; way++) {
      found = stampOf(first, way) < stampOf(first, found) ? way : found;
    }
    return found;
  }

  /** The way from {@code from} to {@code to - 1} that was used last. */
  private int newest(int first, int from, int to) {
    if (packed) {
      return Order.firstWithin(array[first + stampAt], from, to);
    }
    int found = from;
    for (int way = from + 1; way < to; way++) {
      found = stampOf(first, way) > stampOf(first, found) ? way : found;
    }
    return found;
  }

  private long stampOf(int first, int way) {
    return array[first + way + stampAt];
  }

  /** A number that is the greater the longer the way's last use lies back. */
  private long age(int first, int way) {
    return packed ? Order.place(array[first + stampAt], way) : Long.MAX_VALUE - stampOf(first, way);
  }

  private int draw(int choices) {
    random ^= random >>> 12;
    random ^= random << 25;
    random ^= random >>> 27;
    long drawn = random * 0x2545f4914f6cdd1dL;
    return (int) (((drawn >>> 32) * choices) >>> 32);
  }

  /** Place of a way in the order of its set's valid entries: 0 was used last. */
  final int rank(int first, int way) {
    int rank = 0;
    for (int other = 0; other < ways; other++) {
      boolean counts = array[first + other + wordAt] != 0;
      rank += counts && age(first, other) < age(first, way) ? 1 : 0;
    }
    return rank;
  }

  /** Empties the entry at {@code i}; {@link #settle} must follow for its set. */
  final void drop(int i) {
    array[i] = NONE;
    array[i + wordAt] = 0;
    invalidations++;
    if (!packed) {
      array[i + stampAt] = i;
    }
  }

  /** Makes the empty entries of a set its oldest. */
  final void settle(int first) {
    if (treeAt != 0) {
      array[first + treeAt] &= ~PlruTree.FULL;
    }
    if (packed) {
      array[first + stampAt] = emptiesLast(first);
    }
  }

  /** The order of a set with the empty ways at its old end, the lowest oldest. */
  private long emptiesLast(int first) {
    long old = array[first + stampAt];
    long order = 0;
    int at = 0;
    for (int place = 0; place < ways; place++) {
      long way = (old >>> (4 * place)) & 15;
      if (array[first + (int) way + wordAt] != 0) {
        order |= way << (4 * at++);
      }
    }
    for (long way = ways - 1L; way >= 0; way--) {
      if (array[first + (int) way + wordAt] == 0) {
        order |= way << (4 * at++);
      }
    }
    return order;
  }

  private long initialOrder() {
    long order = 0;
    for (int way = 0; way < ways; way++) {
      long old = ways - 1L - way;
      order |= old << (4 * way);
    }
    return order;
  }

  /** Number of valid entries. */
  final int valid() {
    int count = 0;
    for (int set = 0; set < sets; set++) {
      int first = first(set);
      for (int way = 0; way < ways; way++) {
        count += array[first + way + wordAt] != 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** What of the structure lies where in the array. */
  @SuppressWarnings("ArrayRecordComponent")
  record Placement(
      long[] array, int base, int stride, int wordAt, int stampAt, int treeAt, boolean packed) {}
}
