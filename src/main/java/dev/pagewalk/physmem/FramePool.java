package dev.pagewalk.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Zeroed 4 KiB frames of native memory, taken one at a time and given back; not thread-safe. */
final class FramePool implements AutoCloseable {
  private static final int FIRST_BLOCK = 16;

  /** Frames of the largest block: a block is zeroed, and so resident, as soon as it is made. */
  private static final int LARGEST_BLOCK = 512;

  private final Arena arena = Arena.ofShared();
  private long[] free = new long[FIRST_BLOCK];
  private int count;
  private int nextBlock = FIRST_BLOCK;

  /** Native address of a frame that is all zero. */
  long take() {
    if (count == 0) {
      grow();
    }
    return free[--count];
  }

  /** Gives back a frame; the caller has zeroed it. */
  void give(long address) {
    if (count == free.length) {
      free = Arrays.copyOf(free, count * 2);
    }
    free[count++] = address;
  }

  private void grow() {
    long bytes = (long) nextBlock * PhysicalMemory.FRAME_BYTES;
    MemorySegment block = arena.allocate(bytes, PhysicalMemory.FRAME_BYTES);
    for (long at = bytes - PhysicalMemory.FRAME_BYTES; at >= 0; at -= PhysicalMemory.FRAME_BYTES) {
      give(block.address() + at);
    }
    nextBlock = Math.min(nextBlock * 2, LARGEST_BLOCK);
  }

  @Override
  public void close() {
    arena.close();
  }
}
