package dev.pagewalk.trace;

/** A set of page numbers, for counting: an open-addressing table of 8 bytes a place. */
final class PageSet {
  private long[] places = new long[64];
  private long size;

  /** The page last added, plus one; most accesses are to the same page as the one before. */
  private long last;

  /** Adds a page, of 52 bits. */
  void add(long page) {
    long key = page + 1;
    if (key != last) {
      last = key;
      insert(key);
    }
  }

  /** How many pages there are. */
  long size() {
    return size;
  }

  private void insert(long key) {
    int mask = places.length - 1;
    int place = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 32) & mask;
    while (places[place] != 0) {
      if (places[place] == key) {
        return;
      }
      place = (place + 1) & mask;
    }
    places[place] = key;
    size++;
    if (size * 2 > places.length) {
      grow();
    }
  }

  private void grow() {
    long[] old = places;
    places = new long[old.length * 2];
    int mask = places.length - 1;
    for (long key : old) {
      if (key != 0) {
        int place = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 32) & mask;
        while (places[place] != 0) {
          place = (place + 1) & mask;
        }
        places[place] = key;
      }
    }
  }
}
