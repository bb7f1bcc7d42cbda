package dev.pagewalk.machine.curve;

import dev.pagewalk.kernel.policy.LongIntMap;
import dev.pagewalk.kernel.policy.PolicySimulation;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;

/**
 * A trace as accesses of single pages of 4 KiB: an access across two pages is two, one that loads
 * and stores is a write. A page is that of a process; two processes share none.
 */
public final class PageStream {
  /** Room that {@link #next} and {@link #nextKeys} need. */
  public static final int CAPACITY = 2 * AccessBatch.CAPACITY;

  private static final int PAGE_BITS = 12;

  /** Bits of a canonical address's page number in which two of them can differ. */
  private static final int NUMBER_BITS = 45;

  private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;

  private final TraceReader trace;
  private final AccessBatch batch = new AccessBatch();
  private final long[] keys = new long[CAPACITY];
  private final LongIntMap numbers = new LongIntMap();
  private long accesses;
  private long pageAccesses;
  private final boolean[] writes = new boolean[CAPACITY];

  /** A trace from where its reader is; the caller closes that. */
  public PageStream(TraceReader trace) {
    this.trace = trace;
  }

  /**
   * Reads on, and numbers pages from 0 in the order in which they first appear.
   *
   * @param into gets a page's number for each access, {@link PolicySimulation#write} of it for a
   *     write
   * @return how many there are; 0 at the end of the trace
   */
  public int next(int[] into) throws IOException {
    int count = nextKeys(keys);
    for (int i = 0; i < count; i++) {
      int page = numbers.number(keys[i]);
      into[i] = writes[i] ? PolicySimulation.write(page) : page;
    }
    return count;
  }

  /**
   * Reads on.
   *
   * @param into gets a word for each access that is the same for the same page
   * @return how many there are; 0 at the end of the trace
   */
  public int nextKeys(long[] into) throws IOException {
    if (!trace.read(batch)) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < batch.size; i++) {
      int what = batch.what[i];
      long first = batch.address[i];
      long last = first + AccessBatch.bytes(what) - 1;
      long process = (long) AccessBatch.process(what) << NUMBER_BITS;
      int kind = AccessBatch.kind(what);
      boolean isWrite = kind == AccessBatch.WRITE || kind == AccessBatch.MODIFY;
      writes[count] = isWrite;
      into[count++] = process | ((first >>> PAGE_BITS) & NUMBER_MASK);
      if (first >>> PAGE_BITS != last >>> PAGE_BITS) {
        writes[count] = isWrite;
        into[count++] = process | ((last >>> PAGE_BITS) & NUMBER_MASK);
      }
    }
    accesses += batch.size;
    pageAccesses += count;
    return count;
  }

  /** Accesses of the trace so far. */
  public long accesses() {
    return accesses;
  }

  /** Accesses of pages so far: those across two pages count twice. */
  public long pageAccesses() {
    return pageAccesses;
  }

  /** How many pages {@link #next} has numbered. */
  public int pages() {
    return numbers.size();
  }
}
