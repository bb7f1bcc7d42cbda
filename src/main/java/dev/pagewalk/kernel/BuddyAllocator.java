package dev.pagewalk.kernel;

import java.util.List;

/**
 * The allocator of page frames: blocks of 2^order frames, aligned to their size, split in halves
 * when a smaller one is wanted and joined again when both halves are free.
 *
 * <p>From a fresh state frames come in ascending order; after that the one freed last comes first.
 * What is handed out has records that are all zero but for {@link FrameTable#ALLOCATED} and the
 * order; what is freed loses its records' contents. The frames' own contents are not touched. To be
 * out of frames is an answer, -1; an exception means a bug of the caller. One thread at a time.
 *
 * <p>MODEL: Linux's migrate types and zones within a node have no counterpart.
 */
final class BuddyAllocator {
  /** The largest order: blocks of 1 GiB. */
  static final int MAX_ORDER = 18;

  private final FrameTable table;
  private final Zone[] zones;
  private final ReadyFrames[] ready;

  /** An allocator of all RAM of {@code table}, of which all is free. */
  BuddyAllocator(FrameTable table) {
    this(table, table.ranges());
  }

  /** An allocator of {@code ram}, ascending ranges of the RAM of {@code table}; all is free. */
  BuddyAllocator(FrameTable table, List<FrameRange> ram) {
    this(table, ram, 1 + ram.stream().mapToInt(FrameRange::node).max().orElse(0));
  }

  /** As the other one, of so many nodes, some of which may have no RAM. */
  BuddyAllocator(FrameTable table, List<FrameRange> ram, int nodes) {
    this.table = table;
    zones = new Zone[nodes];
    ready = new ReadyFrames[nodes];
    for (int node = 0; node < nodes; node++) {
      int wanted = node;
      zones[node] =
          new Zone(table, node, ram.stream().filter(part -> part.node() == wanted).toList());
      ready[node] = new ReadyFrames(table, zones[node]);
    }
  }

  /** The NUMA node of a frame, which is RAM. */
  int nodeOf(long pfn) {
    return zones.length == 1 ? 0 : table.node(pfn);
  }

  /** Number of NUMA nodes. */
  int nodes() {
    return zones.length;
  }

  /** The first frame of a free block, from the first node that has one; -1 if none has. */
  long allocate(int order) {
    for (int node = 0; node < zones.length; node++) {
      long pfn = allocate(order, node);
      if (pfn >= 0) {
        return pfn;
      }
    }
    return -1;
  }

  /** The first frame of a free block of this node and no other, or -1. */
  long allocate(int order, int node) {
    checkOrder(order);
    long pfn = order == 0 ? ready[node].take() : takeBlock(order, node);
    if (pfn >= 0) {
      table.setAllocated(pfn, order);
    }
    return pfn;
  }

  private long takeBlock(int order, int node) {
    long pfn = zones[node].take(order);
    if (pfn < 0 && ready[node].count() > 0) {
      ready[node].drain();
      pfn = zones[node].take(order);
    }
    return pfn;
  }

  /**
   * Frees a block of the order with which it was allocated. A folio that has been split is freed
   * frame by frame.
   *
   * @throws IllegalStateException if no block of this order that is in use begins at {@code pfn}
   */
  void free(long pfn, int order) {
    checkOrder(order);
    if (!table.isAllocated(pfn, order)) {
      throw new IllegalStateException(
          "no block of order %d is in use at frame 0x%x, flags 0x%x"
              .formatted(order, pfn, table.flags(pfn)));
    }
    int node = nodeOf(pfn);
    table.reset(pfn, order);
    if (order == 0) {
      ready[node].give(pfn);
    } else {
      zones[node].give(pfn, order);
    }
  }

  /** Gives the single frames that are kept ready back to their blocks. */
  void drain() {
    for (ReadyFrames frames : ready) {
      frames.drain();
    }
  }

  /** Free frames of all nodes. */
  long freeFrames() {
    long sum = 0;
    for (int node = 0; node < zones.length; node++) {
      sum += freeFrames(node);
    }
    return sum;
  }

  /** Free frames of this node. */
  long freeFrames(int node) {
    return zones[node].freeFrames() + ready[node].count();
  }

  /** Free blocks of exactly this order; single frames that are kept ready are none. */
  long freeBlocks(int order) {
    long sum = 0;
    for (Zone zone : zones) {
      sum += zone.freeBlocks(order);
    }
    return sum;
  }

  private static void checkOrder(int order) {
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalStateException("no order: " + order);
    }
  }
}
