package dev.pagewalk.kernel.policy;

import java.util.Arrays;

/**
 * Pages that are not resident and are remembered, in lists from the oldest to the newest, each page
 * at most once; Linux calls the like of it shadow entries, others ghosts. A page has a number of
 * its policy's own beside it.
 */
final class GonePages {
  /** In place of a list or a number: the page is not remembered. */
  static final int NONE = -1;

  private final LongIntMap slots = new LongIntMap();

  /** Of each slot; the first slots are the sentinels of the lists. */
  private long[] page;

  private long[] note;
  private int[] next;
  private int[] prev;
  private byte[] list;

  private final int[] size;

  /** The first slot that is free again, linked by {@link #next}. */
  private int free = NONE;

  private int used;

  GonePages(int lists) {
    size = new int[lists];
    used = lists;
    int room = lists + 16;
    page = new long[room];
    note = new long[room];
    next = new int[room];
    prev = new int[room];
    list = new byte[room];
    for (int sentinel = 0; sentinel < lists; sentinel++) {
      next[sentinel] = sentinel;
      prev[sentinel] = sentinel;
    }
  }

  /** Remembers a page, as the newest of a list; if it was remembered already, that is forgotten. */
  void add(int which, long gone, long itsNote) {
    forget(gone);
    int slot = take();
    page[slot] = gone;
    note[slot] = itsNote;
    list[slot] = (byte) which;
    int before = prev[which];
    next[before] = slot;
    prev[slot] = before;
    next[slot] = which;
    prev[which] = slot;
    size[which]++;
    slots.put(gone, slot);
  }

  /** The list that a page is in; {@link #NONE} if it is not remembered. */
  int listOf(long gone) {
    int slot = slots.get(gone);
    return slot == LongIntMap.NONE ? NONE : list[slot];
  }

  /** The number beside a page; {@link #NONE} if it is not remembered. */
  long noteOf(long gone) {
    int slot = slots.get(gone);
    return slot == LongIntMap.NONE ? NONE : note[slot];
  }

  /** Forgets a page, if it is remembered. */
  void forget(long gone) {
    int slot = slots.remove(gone);
    if (slot != LongIntMap.NONE) {
      next[prev[slot]] = next[slot];
      prev[next[slot]] = prev[slot];
      size[list[slot]]--;
      next[slot] = free;
      free = slot;
    }
  }

  /** Forgets the oldest pages of a list, until it has no more than {@code most}. */
  void trim(int which, int most) {
    while (size[which] > Math.max(most, 0)) {
      forget(page[next[which]]);
    }
  }

  /** How many pages of a list are remembered. */
  int size(int which) {
    return size[which];
  }

  private int take() {
    if (free != NONE) {
      int slot = free;
      free = next[slot];
      return slot;
    }
    if (used == page.length) {
      int room = 2 * used;
      page = Arrays.copyOf(page, room);
      note = Arrays.copyOf(note, room);
      next = Arrays.copyOf(next, room);
      prev = Arrays.copyOf(prev, room);
      list = Arrays.copyOf(list, room);
    }
    return used++;
  }
}
