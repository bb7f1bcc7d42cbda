package dev.pagewalk.kernel.policy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * For each access of a trace, when its page is accessed next: what {@link Opt} knows and nobody
 * else. Four bytes an access, outside of the heap.
 *
 * <p>It is made by a first pass over the trace, forwards: an access tells the one before it to the
 * same page. Positions count accesses from 0, one for each page that is touched.
 */
public final class FutureUses {
  /** In place of a position: the page is not accessed again. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int CHUNK_BITS = 15;
  private static final long CHUNK = 1L << CHUNK_BITS;

  /** The distance from each access to the next of its page, unsigned; 0 if there is none. */
  private MemorySegment[] chunks = new MemorySegment[16];

  /** Position of each page's latest access, plus 1. */
  private long[] latest = new long[1024];

  private long size;

  /** Of a trace without accesses, so far. */
  public FutureUses() {}

  /**
   * Of a whole trace.
   *
   * @param accesses pages, as {@link PolicySimulation} takes them
   */
  public static FutureUses of(int... accesses) {
    FutureUses uses = new FutureUses();
    uses.append(accesses, accesses.length);
    return uses;
  }

  /** Appends accesses, {@code accesses[0]} to {@code accesses[count - 1]}. */
  public void append(int[] accesses, int count) {
    for (int i = 0; i < count; i++) {
      append(PolicySimulation.page(accesses[i]));
    }
  }

  /**
   * Appends an access.
   *
   * @param page a number from 0; they should be dense, since an array has an element for each
   */
  public void append(int page) {
    long position = size++;
    if ((position & (CHUNK - 1)) == 0) {
      addChunk((int) (position >>> CHUNK_BITS));
    }
    if (page >= latest.length) {
      latest = Arrays.copyOf(latest, Math.max(page + 1, 2 * latest.length));
    }
    long before = latest[page] - 1;
    latest[page] = position + 1;
    if (before >= 0) {
      long distance = position - before;
      // A page that comes back after more than this is as good as gone.
      if (distance >>> Integer.SIZE == 0) {
        set(before, (int) distance);
      }
    }
  }

  /** How many accesses the trace has. */
  public long size() {
    return size;
  }

  /** Where the page of the access at {@code position} is accessed next, or {@link #NEVER}. */
  public long after(long position) {
    if (position >= size) {
      return NEVER;
    }
    int distance =
        chunks[(int) (position >>> CHUNK_BITS)].get(ValueLayout.JAVA_INT, offset(position));
    return distance == 0 ? NEVER : position + Integer.toUnsignedLong(distance);
  }

  private void set(long position, int distance) {
    chunks[(int) (position >>> CHUNK_BITS)].set(ValueLayout.JAVA_INT, offset(position), distance);
  }

  private static long offset(long position) {
    return (position & (CHUNK - 1)) * Integer.BYTES;
  }

  private void addChunk(int index) {
    if (index == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * index);
    }
    // Freed when this object is; zeroed, and so are accesses that nothing follows.
    chunks[index] = Arena.ofAuto().allocate(CHUNK * Integer.BYTES, Integer.BYTES);
  }
}
