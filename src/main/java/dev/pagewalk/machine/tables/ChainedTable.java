package dev.pagewalk.machine.tables;

import java.util.Arrays;

/**
 * The hashed page table of textbooks: an array of anchors, and from each a chain of entries, of
 * three words: page and process, link, and the entry itself.
 *
 * <p>One table for all processes. It has as many anchors as entries at least, and doubles when it
 * has not. Source: Huck and Hays, "Architectural Support for Translation Table Management in Large
 * Address Space Machines" (ISCA 1993).
 */
final class ChainedTable implements PageTable {
  private static final int NONE = -1;
  private static final int ENTRY_WORDS = 3;
  private static final int LEAST_ANCHORS = 512;

  private int[] anchors = emptyAnchors(LEAST_ANCHORS);
  private long[] keys = new long[LEAST_ANCHORS];
  private int[] next = new int[LEAST_ANCHORS];
  private int size;
  private boolean missed;

  ChainedTable() {}

  @Override
  public String name() {
    return "hashed";
  }

  @Override
  public String shape() {
    return "chains of 3-word entries, an anchor or more for each";
  }

  @Override
  public int walk(int process, long page) {
    long key = Hash.key(process, page);
    int bucket = bucket(key);
    // The anchor; then page and link of each entry passed, page and entry of the one found.
    int words = 1;
    for (int entry = anchors[bucket]; entry != NONE; entry = next[entry]) {
      words += 2;
      if (keys[entry] == key) {
        missed = false;
        return words;
      }
    }
    missed = true;
    add(key);
    return words;
  }

  @Override
  public boolean missed() {
    return missed;
  }

  @Override
  public long bytes() {
    return Long.BYTES * (anchors.length + (long) ENTRY_WORDS * size);
  }

  private void add(long key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      next = Arrays.copyOf(next, 2 * size);
    }
    if (size == anchors.length) {
      rehash();
    }
    keys[size] = key;
    link(size++);
  }

  private void rehash() {
    anchors = emptyAnchors(2 * anchors.length);
    for (int entry = 0; entry < size; entry++) {
      link(entry);
    }
  }

  /** Puts an entry at the beginning of its chain. */
  private void link(int entry) {
    int bucket = bucket(keys[entry]);
    next[entry] = anchors[bucket];
    anchors[bucket] = entry;
  }

  private int bucket(long key) {
    return (int) Hash.of(key) & (anchors.length - 1);
  }

  private static int[] emptyAnchors(int count) {
    int[] empty = new int[count];
    Arrays.fill(empty, NONE);
    return empty;
  }
}
