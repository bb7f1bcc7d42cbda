package dev.pagewalk.mmu;

/**
 * Tree pseudo-LRU of a few ways, read from their time stamps without a branch: a node points away
 * from the half that has the latest stamp.
 *
 * <p>Stamps are positive and all different, and say whose they are; those of empty entries are
 * below {@link StateLayout#TICK}. There are no loops: methods must stay small to be inlined where
 * the number of ways is known.
 */
final class SmallTree {
  static final int MOST_WAYS = 8;

  private SmallTree() {}

  /** The stamp, of the {@code ways} at {@code at}, of the entry that is to be filled. */
  static long victim(long[] words, int at, int ways) {
    int half = ways <= 4 ? ways : (ways + 1) / 2;
    long victim = ofFour(words, at, half);
    long oldest = oldestOfFour(words, at, half);
    if (ways > 4) {
      long latest = latestOfFour(words, at, half);
      long otherLatest = latestOfFour(words, at + half, ways - half);
      victim = choose(latest - otherLatest, victim, ofFour(words, at + half, ways - half));
      oldest = Math.min(oldest, oldestOfFour(words, at + half, ways - half));
    }
    return choose(oldest - StateLayout.TICK, oldest, victim);
  }

  private static long ofFour(long[] words, int at, int ways) {
    long victim = oldestOfTwo(words, at, ways);
    if (ways <= 2) {
      return victim;
    }
    long newer = latestOfTwo(words, at, ways) - latestOfTwo(words, at + 2, ways - 2);
    return choose(newer, victim, oldestOfTwo(words, at + 2, ways - 2));
  }

  private static long oldestOfFour(long[] words, int at, int ways) {
    long oldest = oldestOfTwo(words, at, ways);
    return ways <= 2 ? oldest : Math.min(oldest, oldestOfTwo(words, at + 2, ways - 2));
  }

  private static long latestOfFour(long[] words, int at, int ways) {
    long latest = latestOfTwo(words, at, ways);
    return ways <= 2 ? latest : Math.max(latest, latestOfTwo(words, at + 2, ways - 2));
  }

  /** The oldest stamp of the first two ways. */
  private static long oldestOfTwo(long[] words, int at, int ways) {
    return ways == 1 ? words[at] : Math.min(words[at], words[at + 1]);
  }

  private static long latestOfTwo(long[] words, int at, int ways) {
    return ways == 1 ? words[at] : Math.max(words[at], words[at + 1]);
  }

  /** {@code ifNegative} if the difference is negative, else {@code otherwise}. */
  private static long choose(long difference, long ifNegative, long otherwise) {
    long negative = difference >> 63;
    return (ifNegative & negative) | (otherwise & ~negative);
  }
}
