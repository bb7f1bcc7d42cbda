package dev.pagewalk.machine.tables;

import java.util.Arrays;

/**
 * A TLB that stands before the tables: 4-way set-associative, least recently used. Processes share
 * it, told apart by their numbers.
 */
final class SmallTlb {
  private static final int WAYS = 4;
  private static final long EMPTY = -1;

  private final long[] keys;
  private final int sets;

  /** A TLB of {@code entries} entries: 4 times a power of two, or 0 for none. */
  SmallTlb(int entries) {
    if (entries < 0 || entries % WAYS != 0 || Integer.bitCount(entries / WAYS) > 1) {
      throw new IllegalArgumentException(
          "expected 0, or 4 times a power of two, not " + entries + " entries");
    }
    sets = entries / WAYS;
    keys = new long[entries];
    Arrays.fill(keys, EMPTY);
  }

  /** Looks up a page, and has it afterwards; whether it had it before. */
  boolean hits(int process, long page) {
    if (sets == 0) {
      return false;
    }
    long key = Hash.key(process, page);
    int set = ((int) page & (sets - 1)) * WAYS;
    int way = 0;
    while (way < WAYS - 1 && keys[set + way] != key) {
      way++;
    }
    boolean hit = keys[set + way] == key;
    // The first is the one used last.
    System.arraycopy(keys, set, keys, set + 1, way);
    keys[set] = key;
    return hit;
  }
}
