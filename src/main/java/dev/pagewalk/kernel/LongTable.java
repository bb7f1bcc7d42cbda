package dev.pagewalk.kernel;

/**
 * A map from numbers to numbers: open addressing, linear probing. The key 0 is not allowed; nothing
 * is allocated but when it grows.
 */
final class LongTable {
  /** What {@link #get} returns where there is nothing. */
  static final long NONE = -1;

  private long[] keys = new long[64];
  private long[] values = new long[64];
  private int size;

  /** The value of {@code key}, or NONE. */
  long get(long key) {
    int at = find(key);
    return keys[at] == key ? values[at] : NONE;
  }

  void put(long key, long value) {
    int at = find(key);
    if (keys[at] != key) {
      keys[at] = key;
      size++;
    }
    values[at] = value;
    if (2 * size > keys.length) {
      grow();
    }
  }

  /** Takes {@code key} out; its value, or NONE. */
  long remove(long key) {
    int hole = find(key);
    if (keys[hole] != key) {
      return NONE;
    }
    long value = values[hole];
    int mask = keys.length - 1;
    // Those that were displaced move up, so that no search ends at the hole.
    for (int at = hole + 1 & mask; keys[at] != 0; at = at + 1 & mask) {
      int home = home(keys[at]);
      if ((at - home & mask) >= (at - hole & mask)) {
        keys[hole] = keys[at];
        values[hole] = values[at];
        hole = at;
      }
    }
    keys[hole] = 0;
    size--;
    return value;
  }

  int size() {
    return size;
  }

  private int home(long key) {
    long hash = key * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> 32) & (keys.length - 1);
  }

  /** Where {@code key} is, or would be. */
  private int find(long key) {
    if (key == 0) {
      throw new IllegalArgumentException("0 is no key");
    }
    int at = home(key);
    while (keys[at] != 0 && keys[at] != key) {
      at = at + 1 & (keys.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
