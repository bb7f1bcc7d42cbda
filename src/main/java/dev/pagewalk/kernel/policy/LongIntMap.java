package dev.pagewalk.kernel.policy;

/** A hash table from pages, or any longs, to numbers from 0, by linear probing; no boxes. */
public final class LongIntMap {
  /** What {@link #get} and {@link #remove} return for a page that is not there. */
  public static final int NONE = -1;

  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final int LEAST_BITS = 6;

  private int bits = LEAST_BITS;
  private long[] keys = new long[1 << bits];

  /** Numbers plus 1; 0 where there is no key. */
  private int[] values = new int[1 << bits];

  private int size;

  /** An empty table. */
  public LongIntMap() {}

  /** The number of a page; {@link #NONE} if it is not there. */
  public int get(long key) {
    return values[find(key)] - 1;
  }

  /** Gives a page a number, in place of the one that it had. */
  public void put(long key, int value) {
    int at = find(key);
    if (values[at] == 0) {
      at = claim(at, key);
    }
    values[at] = value + 1;
  }

  /** The number of a page; a new one gets {@link #size}: pages are numbered as they come. */
  public int number(long key) {
    int at = find(key);
    if (values[at] == 0) {
      at = claim(at, key);
      values[at] = size;
    }
    return values[at] - 1;
  }

  /** Takes a page out; its number, or {@link #NONE} if it was not there. */
  public int remove(long key) {
    int hole = find(key);
    int value = values[hole] - 1;
    if (value == NONE) {
      return NONE;
    }
    size--;
    int mask = keys.length - 1;
    int at = hole;
    // Whoever was pushed behind the hole by it moves up.
    while (true) {
      at = (at + 1) & mask;
      if (values[at] == 0) {
        values[hole] = 0;
        return value;
      }
      int home = home(keys[at]);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        keys[hole] = keys[at];
        values[hole] = values[at];
        hole = at;
      }
    }
  }

  /** How many pages there are. */
  public int size() {
    return size;
  }

  /** Takes a free place for a page, or another one if the table has to grow. */
  private int claim(int free, long key) {
    int at = free;
    if (2 * (size + 1) > keys.length) {
      grow();
      at = find(key);
    }
    keys[at] = key;
    size++;
    return at;
  }

  /** Where a page is, or would be. */
  private int find(long key) {
    int mask = keys.length - 1;
    int at = home(key);
    while (values[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(long key) {
    return (int) ((key * GOLDEN) >>> (Long.SIZE - bits));
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    bits++;
    keys = new long[1 << bits];
    values = new int[1 << bits];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
