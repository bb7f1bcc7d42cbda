package dev.pagewalk.machine.replay;

/** A page of a process as one number, for tables. */
final class PageKey {
  private static final int PROCESS_SHIFT = 44;
  private static final long PAGES = (1L << PROCESS_SHIFT) - 1;

  private PageKey() {}

  /** The key of the page at a linear address: process and page number, never 0. */
  static long of(int process, long address) {
    return ((process + 1L) << PROCESS_SHIFT) | ((address >>> 12) & PAGES);
  }

  /** The page of a key: linear address / 4096. */
  static long page(long key) {
    return key & PAGES;
  }
}
