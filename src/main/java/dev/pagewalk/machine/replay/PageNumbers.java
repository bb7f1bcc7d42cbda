package dev.pagewalk.machine.replay;

/**
 * Dense numbers, from 0, for the pages of a trace, in the order in which they come: an open hash
 * table of process and page.
 */
final class PageNumbers {
  private static final int PROCESS_SHIFT = 44;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private long[] keys = new long[1024];
  private int[] numbers = new int[1024];
  private int size;

  /** A key of a page: process and page number, never 0. */
  static long key(int process, long address) {
    return ((process + 1L) << PROCESS_SHIFT) | ((address >>> 12) & ((1L << PROCESS_SHIFT) - 1));
  }

  /** The page of a key: linear address / 4096. */
  static long page(long key) {
    return key & ((1L << PROCESS_SHIFT) - 1);
  }

  /** How many pages there are. */
  int size() {
    return size;
  }

  /** The number of a page, a new one if it is new. */
  int of(long key) {
    int i = slot(key);
    if (keys[i] == key) {
      return numbers[i];
    }
    if (2 * size >= keys.length) {
      grow();
      i = slot(key);
    }
    keys[i] = key;
    numbers[i] = size;
    return size++;
  }

  /** Where the key is, or would be. */
  private int slot(long key) {
    int mask = keys.length - 1;
    int i = (int) ((key * SPREAD) >>> 32) & mask;
    while (keys[i] != 0 && keys[i] != key) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[2 * oldKeys.length];
    int[] moved = new int[keys.length];
    for (int k = 0; k < oldKeys.length; k++) {
      if (oldKeys[k] != 0) {
        int i = slot(oldKeys[k]);
        keys[i] = oldKeys[k];
        moved[i] = oldNumbers[k];
      }
    }
    numbers = moved;
  }
}
