package dev.pagewalk.machine.tables;

import java.util.Arrays;

/**
 * An inverted page table: an entry of two words for each frame of main memory, page with process
 * and link, found through an array of anchors by a hash. The entry's number is the frame's.
 *
 * <p>One table for all processes, whose size is fixed by that of main memory, with an anchor for
 * each frame. When all frames are in use, the page that has been there longest goes. Source: Chang
 * and Mergen, "801 Storage: Architecture and Programming" (ACM TOCS 6, 1988).
 */
final class InvertedTable implements PageTable {
  private static final int NONE = -1;
  private static final int ENTRY_WORDS = 2;

  private final int[] anchors;
  private final long[] keys;
  private final int[] next;
  private long used;
  private boolean missed;

  /** A table for {@code frames} frames of main memory, a power of two. */
  InvertedTable(long frames) {
    int count = Math.toIntExact(frames);
    anchors = new int[count];
    Arrays.fill(anchors, NONE);
    keys = new long[count];
    next = new int[count];
  }

  @Override
  public String name() {
    return "inverted";
  }

  @Override
  public String shape() {
    return "a 2-word entry and an anchor for each frame";
  }

  @Override
  public int walk(int process, long page) {
    long key = Hash.key(process, page);
    // The anchor; then page and link of each entry passed, and the page of the one found.
    int words = 1;
    for (int frame = anchors[bucket(key)]; frame != NONE; frame = next[frame]) {
      if (keys[frame] == key) {
        missed = false;
        return words + 1;
      }
      words += ENTRY_WORDS;
    }
    missed = true;
    int frame = (int) (used % keys.length);
    if (used++ >= keys.length) {
      unlink(frame);
    }
    keys[frame] = key;
    int bucket = bucket(key);
    next[frame] = anchors[bucket];
    anchors[bucket] = frame;
    return words;
  }

  @Override
  public boolean missed() {
    return missed;
  }

  @Override
  public long bytes() {
    return (long) keys.length * (ENTRY_WORDS + 1) * Long.BYTES;
  }

  private void unlink(int frame) {
    int bucket = bucket(keys[frame]);
    if (anchors[bucket] == frame) {
      anchors[bucket] = next[frame];
      return;
    }
    int before = anchors[bucket];
    while (next[before] != frame) {
      before = next[before];
    }
    next[before] = next[frame];
  }

  private int bucket(long key) {
    return (int) Hash.of(key) & (anchors.length - 1);
  }
}
