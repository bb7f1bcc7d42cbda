package dev.pagewalk.machine.tables;

import java.util.Arrays;

/** A growing map from non-negative longs to non-negative ints, by open addressing. */
final class PageNumbers {
  /** The value of a key that is not there. */
  static final int NONE = -1;

  private static final long EMPTY = -1;

  private long[] keys = new long[1024];
  private int[] values = new int[1024];
  private int size;

  PageNumbers() {
    Arrays.fill(keys, EMPTY);
  }

  /** How many keys there are. */
  int size() {
    return size;
  }

  /** The value of {@code key}, or {@link #NONE}. */
  int get(long key) {
    int place = place(key);
    return keys[place] == EMPTY ? NONE : values[place];
  }

  /** Sets the value of {@code key}; returns whether the key is new. */
  boolean put(long key, int value) {
    int place = place(key);
    boolean isNew = keys[place] == EMPTY;
    keys[place] = key;
    values[place] = value;
    if (isNew && ++size > keys.length / 2) {
      grow();
    }
    return isNew;
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int place = (int) Hash.of(key) & mask;
    while (keys[place] != EMPTY && keys[place] != key) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new int[2 * oldKeys.length];
    Arrays.fill(keys, EMPTY);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = oldValues[i];
      }
    }
  }
}
