package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The free blocks of one NUMA node, in a list for each order; the lists' links lie in the records
 * of the blocks' first frames.
 *
 * <p>A block of order n is 2^n frames from a multiple of 2^n; its buddy is the block with which it
 * makes one of order n + 1. Frames that have never been taken are in no list: they are cut off the
 * node's ranges block by block, the lowest first, so that a new zone touches no record.
 */
final class Zone {
  private static final int ORDERS = BuddyAllocator.MAX_ORDER + 1;

  private final FrameTable table;
  private final int node;
  private final FrameRange[] ranges;

  /** The first block of each order's list, or -1. */
  private final long[] first = new long[ORDERS];

  private final long[] blocks = new long[ORDERS];

  /** Bit n is set if the list of order n is not empty. */
  private int listed;

  /** The range of the lowest frame that has never been in a list, and that frame. */
  private int range;

  private long fresh;
  private long freeFrames;

  /** A zone of {@code ram}, ascending, all of this node; all of it is free. */
  Zone(FrameTable table, int node, List<FrameRange> ram) {
    this.table = table;
    this.node = node;
    ranges = joined(ram).toArray(FrameRange[]::new);
    fresh = ranges.length == 0 ? 0 : ranges[0].start();
    for (int order = 0; order < ORDERS; order++) {
      first[order] = -1;
    }
    for (FrameRange part : ranges) {
      freeFrames += part.frames();
    }
  }

  private static List<FrameRange> joined(List<FrameRange> ram) {
    List<FrameRange> joined = new ArrayList<>();
    for (FrameRange next : ram) {
      FrameRange last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && last.end() > next.start()) {
        throw new IllegalArgumentException("ranges of frames are ascending and apart");
      }
      if (last != null && last.end() == next.start()) {
        joined.removeLast();
        joined.add(new FrameRange(last.start(), next.end(), next.node()));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }

  /**
   * The order in which to take up to {@code frames} single frames, at least 1, from the smallest
   * free block: its own, or less if it has more frames than that; -1 if nothing is free.
   */
  int orderWithin(int frames) {
    if (listed == 0 && !cut()) {
      return -1;
    }
    int fits = 31 - Integer.numberOfLeadingZeros(frames);
    return Math.min(Integer.numberOfTrailingZeros(listed), fits);
  }

  /** Takes a block off the lists: the smallest that is large enough, split; -1 if there is none. */
  long take(int order) {
    while (listed >>> order == 0) {
      if (!cut()) {
        return -1;
      }
    }
    int found = order + Integer.numberOfTrailingZeros(listed >>> order);
    long pfn = first[found];
    unlink(pfn, found);
    while (found > order) {
      found--;
      link(pfn + (1L << found), found);
    }
    freeFrames -= 1L << order;
    return pfn;
  }

  /** Takes back a block whose records are all zero, and joins it with its buddies. */
  void give(long pfn, int order) {
    freeFrames += 1L << order;
    long block = pfn;
    int joined = order;
    while (joined < BuddyAllocator.MAX_ORDER) {
      long buddy = block ^ (1L << joined);
      if (buddy >= table.frames() || !table.isFreeBlock(buddy, joined, node)) {
        break;
      }
      unlink(buddy, joined);
      block &= ~(1L << joined);
      joined++;
    }
    link(block, joined);
  }

  /** Free frames, those that have never been taken among them. */
  long freeFrames() {
    return freeFrames;
  }

  /** Free blocks of this order, those that are still to be cut among them. */
  long freeBlocks(int order) {
    long count = blocks[order];
    for (int i = range; i < ranges.length; i++) {
      long end = ranges[i].end();
      long at = i == range ? fresh : ranges[i].start();
      while (at < end) {
        int next = largest(at, end);
        count += next == order ? 1 : 0;
        at += 1L << next;
      }
    }
    return count;
  }

  /** Puts the next fresh block into its list; returns whether there was one. */
  private boolean cut() {
    if (range == ranges.length) {
      return false;
    }
    long end = ranges[range].end();
    int order = largest(fresh, end);
    link(fresh, order);
    fresh += 1L << order;
    if (fresh == end && ++range < ranges.length) {
      fresh = ranges[range].start();
    }
    return true;
  }

  /** The order of the largest block from {@code pfn} that ends at {@code end} or before. */
  private static int largest(long pfn, long end) {
    int fits = 63 - Long.numberOfLeadingZeros(end - pfn);
    return Math.min(BuddyAllocator.MAX_ORDER, Math.min(Long.numberOfTrailingZeros(pfn), fits));
  }

  private void link(long pfn, int order) {
    long next = first[order];
    table.setFree(pfn, order, node);
    table.setNext(pfn, next);
    table.setPrevious(pfn, -1);
    if (next >= 0) {
      table.setPrevious(next, pfn);
    }
    first[order] = pfn;
    blocks[order]++;
    listed |= 1 << order;
  }

  /** Takes the block out of its list; its record is all zero then. */
  private void unlink(long pfn, int order) {
    long next = table.next(pfn);
    long previous = table.previous(pfn);
    if (next >= 0) {
      table.setPrevious(next, previous);
    }
    if (previous >= 0) {
      table.setNext(previous, next);
    } else {
      first[order] = next;
      listed &= next >= 0 ? -1 : ~(1 << order);
    }
    blocks[order]--;
    table.reset(pfn, 0);
  }
}
