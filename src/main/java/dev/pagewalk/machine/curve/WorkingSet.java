package dev.pagewalk.machine.curve;

import java.io.IOException;
import java.util.Arrays;

/**
 * The average size of the working set for windows of powers of two: the pages that were accessed in
 * the last τ accesses, counted after each access.
 *
 * <p>P. J. Denning, "The working set model for program behavior", Communications of the ACM 11(5),
 * 1968; that one pass over the intervals between accesses to the same page suffices: P. J. Denning,
 * S. C. Schwartz, "Properties of the working-set model", in the same, 15(3), 1972. A page is in the
 * working set for the first τ accesses of each interval, or all of them if it is shorter.
 */
public final class WorkingSet {
  private static final int NEVER = 0;

  /** The time of each page's last access, plus 1. */
  private long[] lastAccess = new long[1024];

  /** How many intervals are in (2^(k-1), 2^k], and their sum. */
  private final long[] intervals = new long[Long.SIZE];

  private final long[] sums = new long[Long.SIZE];
  private long accesses;
  private int pages;

  /** Of a trace without accesses, so far. */
  public WorkingSet() {}

  /** Of the rest of a trace. */
  public static WorkingSet of(PageStream trace) throws IOException {
    WorkingSet set = new WorkingSet();
    int[] batch = new int[PageStream.CAPACITY];
    for (int count = trace.next(batch); count > 0; count = trace.next(batch)) {
      set.add(batch, count);
    }
    return set;
  }

  /**
   * Appends accesses.
   *
   * @param batch as {@link PageStream#next} gives them
   * @param count how many there are
   */
  public void add(int[] batch, int count) {
    for (int i = 0; i < count; i++) {
      int page = batch[i] < 0 ? ~batch[i] : batch[i];
      if (page >= lastAccess.length) {
        lastAccess = Arrays.copyOf(lastAccess, Math.max(page + 1, 2 * lastAccess.length));
      }
      long before = lastAccess[page];
      accesses++;
      if (before == NEVER) {
        pages++;
      } else {
        count(intervals, sums, accesses - before);
      }
      lastAccess[page] = accesses;
    }
  }

  /** How many accesses there were. */
  public long accesses() {
    return accesses;
  }

  /** How many pages they were to. */
  public int pages() {
    return pages;
  }

  /**
   * The average number of pages in the working set.
   *
   * @param windowBits the window is 2 to this power, in accesses; from 0 to 62
   */
  public double averageSize(int windowBits) {
    if (accesses == 0) {
      return 0;
    }
    long[] all = intervals.clone();
    long[] allSums = sums.clone();
    // After a page's last access, the trace's end ends its interval.
    for (long last : lastAccess) {
      if (last != NEVER) {
        count(all, allSums, accesses - last + 1);
      }
    }
    double inside = 0;
    for (int k = 0; k < Long.SIZE; k++) {
      inside += k <= windowBits ? (double) allSums[k] : (double) all[k] * (1L << windowBits);
    }
    return inside / accesses;
  }

  private static void count(long[] intervals, long[] sums, long interval) {
    int k = Long.SIZE - Long.numberOfLeadingZeros(interval - 1);
    intervals[k]++;
    sums[k] += interval;
  }
}
