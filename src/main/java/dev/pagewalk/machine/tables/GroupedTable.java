package dev.pagewalk.machine.tables;

import java.util.Arrays;

/**
 * The hashed page table of the PowerPC: groups of eight 2-word entries, one group by the hash and a
 * second one by its complement.
 *
 * <p>One table for all processes, whose size is fixed by that of main memory: a group for every two
 * frames, as the architecture recommends. Of each entry the first word is read, and of the one that
 * is found the second. If both groups are full, an entry of the first is overwritten, by turns, and
 * its page is missed at its next use. Source: "PowerPC Operating Environment Architecture", "Page
 * Table".
 */
final class GroupedTable implements PageTable {
  private static final int GROUP = 8;
  private static final int ENTRY_WORDS = 2;
  private static final long EMPTY = -1;

  private final long[] keys;
  private final int groups;
  private int turn;
  private boolean missed;

  /** A table for {@code frames} frames of main memory, a power of two. */
  GroupedTable(long frames) {
    groups = Math.toIntExact(Math.max(2, frames / 2));
    keys = new long[Math.multiplyExact(groups, GROUP)];
    Arrays.fill(keys, EMPTY);
  }

  @Override
  public String name() {
    return "hashed-groups";
  }

  @Override
  public String shape() {
    return "2 groups of 8 2-word entries, a group for every 2 frames";
  }

  @Override
  public int walk(int process, long page) {
    long key = Hash.key(process, page);
    int hash = (int) Hash.of(key);
    int first = (hash & (groups - 1)) * GROUP;
    int second = (~hash & (groups - 1)) * GROUP;
    missed = false;
    for (int i = 0; i < GROUP; i++) {
      if (keys[first + i] == key) {
        return i + 2;
      }
    }
    for (int i = 0; i < GROUP; i++) {
      if (keys[second + i] == key) {
        return GROUP + i + 2;
      }
    }
    missed = true;
    put(key, first, second);
    return 2 * GROUP;
  }

  @Override
  public boolean missed() {
    return missed;
  }

  @Override
  public long bytes() {
    return (long) keys.length * ENTRY_WORDS * Long.BYTES;
  }

  private void put(long key, int first, int second) {
    int place = free(first);
    if (place < 0) {
      place = free(second);
    }
    if (place < 0) {
      place = first + turn;
      turn = (turn + 1) % GROUP;
    }
    keys[place] = key;
  }

  private int free(int group) {
    for (int i = group; i < group + GROUP; i++) {
      if (keys[i] == EMPTY) {
        return i;
      }
    }
    return -1;
  }
}
