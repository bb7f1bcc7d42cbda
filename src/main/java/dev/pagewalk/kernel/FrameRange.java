package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.physmem.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of page frames of one NUMA node, all of them RAM.
 *
 * @param start its first frame's number
 * @param end the number behind its last frame's, more than {@code start}
 * @param node the node's number, from 0
 */
record FrameRange(long start, long end, int node) {
  FrameRange {
    if (start < 0 || end <= start || node < 0) {
      throw new IllegalArgumentException(
          "no range of frames: 0x%x to 0x%x of node %d".formatted(start, end, node));
    }
  }

  /** How many frames it has. */
  long frames() {
    return end - start;
  }

  /**
   * The frames of {@code memory} that lie in RAM as a whole, in ascending order; what an image
   * holds is in use by others and not among them.
   *
   * @param nodeStarts the first frames of the nodes 1, 2 and so on, ascending
   */
  static List<FrameRange> of(PhysicalMemory memory, long... nodeStarts) {
    List<FrameRange> ranges = new ArrayList<>();
    long start = 0;
    long end = 0;
    for (Region region : memory.regions()) {
      if (region.image()) {
        continue;
      }
      if (region.start() != end) {
        add(ranges, start, end, nodeStarts);
        start = region.start();
      }
      end = region.end();
    }
    add(ranges, start, end, nodeStarts);
    return ranges;
  }

  /**
   * Adds the whole frames of the bytes from {@code start} to {@code end}, a range for each node.
   */
  private static void add(List<FrameRange> ranges, long start, long end, long... nodeStarts) {
    long first = Math.ceilDiv(start, PhysicalMemory.FRAME_BYTES);
    long last = end / PhysicalMemory.FRAME_BYTES;
    for (int node = 0; node <= nodeStarts.length; node++) {
      long from = Math.max(first, node == 0 ? 0 : nodeStarts[node - 1]);
      long to = node == nodeStarts.length ? last : Math.min(last, nodeStarts[node]);
      if (from < to) {
        ranges.add(new FrameRange(from, to, node));
      }
    }
  }
}
