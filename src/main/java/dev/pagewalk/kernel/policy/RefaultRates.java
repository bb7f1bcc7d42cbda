package dev.pagewalk.kernel.policy;

/**
 * How often pages of each type come back soon after they went: what the controller of Linux's
 * multi-generational LRU compares (read_ctrl_pos(), positive_ctrl_err(), reset_ctrl_pos()).
 */
final class RefaultRates {
  /** Anonymous pages. */
  static final int ANON = 0;

  /** File pages. */
  static final int FILE = 1;

  private static final int MOST_SWAPPINESS = 200;

  /** MIN_LRU_BATCH: with fewer refaults, nothing is concluded. */
  private static final int BATCH = 64;

  private final long[] gain;

  /** Since the last walk. */
  private final long[] refaulted = new long[2];

  private final long[] evicted = new long[2];

  /** Of walks before, a half of each counting for all before it. */
  private final long[] refaultedBefore = new long[2];

  private final long[] total = new long[2];

  RefaultRates(int swappiness) {
    gain = new long[] {swappiness, MOST_SWAPPINESS - swappiness};
  }

  /** A page has come back. */
  void refaulted(int type) {
    refaulted[type]++;
  }

  /** A page has gone. */
  void evicted(int type) {
    evicted[type]++;
  }

  /** A walk has been made. */
  void carryOver() {
    for (int type = ANON; type <= FILE; type++) {
      refaultedBefore[type] = (refaultedBefore[type] + refaulted[type]) / 2;
      total[type] = (total[type] + evicted[type]) / 2;
      refaulted[type] = 0;
      evicted[type] = 0;
    }
  }

  /** File pages, unless they come back more often than anonymous ones, weighed by swappiness. */
  int typeToScan() {
    long fileBack = refaultedBefore[FILE] + refaulted[FILE];
    long anonBack = refaultedBefore[ANON] + refaulted[ANON];
    long fileAll = total[FILE] + evicted[FILE];
    long anonAll = total[ANON] + evicted[ANON];
    boolean isFileCheap =
        fileBack < BATCH
            || fileBack * (anonAll + BATCH) * gain[ANON] <= (anonBack + 1) * fileAll * gain[FILE];
    return isFileCheap ? FILE : ANON;
  }
}
