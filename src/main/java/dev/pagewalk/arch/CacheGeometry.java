package dev.pagewalk.arch;

/**
 * The shape of a set-associative structure. One set makes it fully associative, one way
 * direct-mapped.
 *
 * @param sets number of sets, a power of two from 1 to 4096
 * @param ways entries of a set, 1 to 128
 * @param replacement which way of a full set is given up
 */
public record CacheGeometry(int sets, int ways, Replacement replacement) {
  /** Most sets that a structure may have. */
  public static final int MAX_SETS = 4096;

  /** Most ways that a structure may have. */
  public static final int MAX_WAYS = 128;

  public CacheGeometry {
    if (sets < 1 || sets > MAX_SETS || Integer.bitCount(sets) != 1) {
      throw new IllegalArgumentException("sets: a power of two from 1 to 4096, not " + sets);
    }
    if (ways < 1 || ways > MAX_WAYS) {
      throw new IllegalArgumentException("ways: 1 to 128, not " + ways);
    }
  }

  /** Entries of all sets. */
  public int entries() {
    return sets * ways;
  }
}
