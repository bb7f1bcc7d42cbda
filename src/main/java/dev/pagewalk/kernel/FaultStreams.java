package dev.pagewalk.kernel;

/**
 * The streams in which the pages of a mapping are touched: for each the page touched last, the step
 * to it from the one before, and how often that step has been the same.
 *
 * <p>A table of a few streams, the one unused for longest replaced; a reference prediction table
 * (T. F. Chen and J. L. Baer, Effective Hardware-Based Data Prefetching, 1995) whose rows are found
 * by the pages they expect, as the kernel does not know the instruction.
 */
final class FaultStreams {
  private static final int STREAMS = 16;

  /** How far a page may be from the last one of a stream to be thought part of it. */
  private static final long NEAR = 64;

  private static final int SURE = 3;

  private final long[] last = new long[STREAMS];
  private final long[] step = new long[STREAMS];

  /** How often the step has been confirmed, less how often it was not. */
  private final int[] sure = new int[STREAMS];

  /** When each was used last; 0: never. */
  private final long[] time = new long[STREAMS];

  private long now;

  FaultStreams() {}

  /**
   * A page is touched.
   *
   * @param sequential whether only steps of one page upwards count, at their first occurrence
   * @return the step at which the stream goes on, in pages; 0 if that is not known
   */
  long touched(long page, boolean sequential) {
    now++;
    int stream = expecting(page, sequential);
    if (stream >= 0) {
      time[stream] = now;
      last[stream] = page;
      sure[stream] = Math.min(SURE, sure[stream] + 1);
      return step[stream];
    }
    stream = sequential ? -1 : nearest(page);
    if (stream < 0) {
      begin(page, sequential);
      return 0;
    }
    time[stream] = now;
    if (page == last[stream]) {
      return 0;
    }
    if (--sure[stream] < 0) {
      step[stream] = page - last[stream];
      sure[stream] = 0;
    }
    last[stream] = page;
    return 0;
  }

  private int expecting(long page, boolean sequential) {
    for (int i = 0; i < STREAMS; i++) {
      boolean known = time[i] != 0 && step[i] != 0;
      if (known && last[i] + step[i] == page && (!sequential || step[i] == 1)) {
        return i;
      }
    }
    return -1;
  }

  private int nearest(long page) {
    int found = -1;
    long least = NEAR + 1;
    for (int i = 0; i < STREAMS; i++) {
      long away = Math.abs(page - last[i]);
      if (time[i] != 0 && away < least) {
        least = away;
        found = i;
      }
    }
    return found;
  }

  private void begin(long page, boolean sequential) {
    int oldest = 0;
    for (int i = 1; i < STREAMS; i++) {
      oldest = time[i] < time[oldest] ? i : oldest;
    }
    last[oldest] = page;
    step[oldest] = sequential ? 1 : 0;
    sure[oldest] = 0;
    time[oldest] = now;
  }
}
