package dev.pagewalk.physmem;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Where each frame of physical memory is in native memory: a table of three levels, made as needed.
 *
 * <p>A slot holds the native address of a 4 KiB frame with flags in its upper bits, or 0 if the
 * frame has not been touched. Lookups may run beside one writer; writers are serialised by {@link
 * PhysicalMemory}. A leaf covers 2 MiB, a middle node 4 GiB.
 */
final class FrameDirectory {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  /** Slots of a leaf, leaves of a middle node. */
  private static final int SLOTS = 512;

  private static final int MIDDLES = 2048;
  private static final int FRAME_SHIFT = 12;
  private static final int MIDDLE_SHIFT = 21;
  private static final int ROOT_SHIFT = 32;

  private final long[][][] root;

  /** Frames that have a slot, in the order in which they were touched. */
  private long[] touched = new long[16];

  private int count;
  private final ArrayDeque<long[]> spareLeaves = new ArrayDeque<>();
  private final ArrayDeque<long[][]> spareMiddles = new ArrayDeque<>();

  /** A directory for physical addresses below {@code end}. */
  FrameDirectory(long end) {
    root = new long[Math.toIntExact((end + (1L << ROOT_SHIFT) - 1) >>> ROOT_SHIFT)][][];
  }

  /** The slot of the frame that holds {@code pa}, or 0. */
  long get(long pa) {
    long top = pa >>> ROOT_SHIFT;
    if (top >= root.length) {
      return 0;
    }
    long[][] middle = root[(int) top];
    if (middle == null) {
      return 0;
    }
    long[] leaf = middle[middleIndex(pa)];
    return leaf == null ? 0 : (long) SLOT.getAcquire(leaf, leafIndex(pa));
  }

  /** Sets the slot of the frame that holds {@code pa} to {@code slot}, which is not 0. */
  void put(long pa, long slot) {
    long[][] middle = middleOf(pa);
    int at = middleIndex(pa);
    if (middle[at] == null) {
      middle[at] = spareLeaves.isEmpty() ? new long[SLOTS] : spareLeaves.pop();
    }
    if (middle[at][leafIndex(pa)] == 0) {
      remember(pa);
    }
    SLOT.setRelease(middle[at], leafIndex(pa), slot);
  }

  /** Number of frames that have a slot. */
  int size() {
    return count;
  }

  /** Physical address within the {@code i}th frame that was touched. */
  long touched(int i) {
    return touched[i];
  }

  /** Forgets every slot; the nodes are kept for later use. */
  void clear() {
    for (int i = 0; i < count; i++) {
      root[top(touched[i])][middleIndex(touched[i])][leafIndex(touched[i])] = 0;
    }
    for (int i = 0; i < count; i++) {
      long[][] middle = root[top(touched[i])];
      if (middle[middleIndex(touched[i])] != null) {
        spareLeaves.push(middle[middleIndex(touched[i])]);
        middle[middleIndex(touched[i])] = null;
      }
    }
    for (int i = 0; i < count; i++) {
      if (root[top(touched[i])] != null) {
        spareMiddles.push(root[top(touched[i])]);
        root[top(touched[i])] = null;
      }
    }
    count = 0;
  }

  private long[][] middleOf(long pa) {
    long[][] middle = root[top(pa)];
    if (middle == null) {
      middle = spareMiddles.isEmpty() ? new long[MIDDLES][] : spareMiddles.pop();
      root[top(pa)] = middle;
    }
    return middle;
  }

  private void remember(long pa) {
    if (count == touched.length) {
      touched = Arrays.copyOf(touched, count * 2);
    }
    touched[count++] = pa;
  }

  private static int top(long pa) {
    return (int) (pa >>> ROOT_SHIFT);
  }

  private static int middleIndex(long pa) {
    return (int) (pa >>> MIDDLE_SHIFT) & (MIDDLES - 1);
  }

  private static int leafIndex(long pa) {
    return (int) (pa >>> FRAME_SHIFT) & (SLOTS - 1);
  }
}
