package dev.pagewalk.trace;

import java.util.Arrays;

/** The dictionary of a block that is being written: at most 256 entries, in order of first use. */
final class PwtDictionary {
  /** Four times as many places as entries. */
  private static final int PLACES = 4 * Pwt.MOST_ENTRIES;

  /** An open-addressing table: an entry's six bytes, and one more bit where there is one. */
  private final long[] keys = new long[PLACES];

  private final short[] entries = new short[PLACES];
  private final byte[] bytes = new byte[Pwt.MOST_ENTRIES * Pwt.ENTRY_BYTES];
  private int size;

  /**
   * The number of the entry, a new one if there is none; negative if there is no room.
   *
   * @param what as {@link AccessBatch#what} packs it
   * @param slot from 0 to 7
   * @param length from 0 to 8
   */
  int entry(int what, int slot, int length) {
    long key = (1L << 48) | ((long) length << 40) | ((long) slot << 32) | (what & 0xffff_ffffL);
    int place = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 54);
    while (keys[place] != key) {
      if (keys[place] == 0) {
        return add(key, place);
      }
      place = (place + 1) & (PLACES - 1);
    }
    return entries[place];
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The entries as they stand in the file. */
  byte[] bytes() {
    return bytes;
  }

  /** Forgets all of them. */
  void clear() {
    size = 0;
    Arrays.fill(keys, 0);
  }

  private int add(long key, int place) {
    if (size == Pwt.MOST_ENTRIES) {
      return -1;
    }
    keys[place] = key;
    entries[place] = (short) size;
    Pwt.u32(bytes, size * Pwt.ENTRY_BYTES, (int) key);
    Pwt.u16(bytes, (size * Pwt.ENTRY_BYTES) + 4, (int) (key >>> 32));
    return size++;
  }
}
