package dev.pagewalk.kernel;

/**
 * The size of a window of swap read-ahead, as __swapin_nr_pages().
 *
 * @param hits pages of the last windows that were used
 * @param most pages of a window
 * @param previous pages of the last window
 */
record SwapWindow(int hits, int most, int previous) {
  /** Hits with which Linux begins. */
  static final int FIRST_HITS = 4;

  /** More are not counted. */
  static final int MOST_HITS = 63;

  /**
   * How many pages to read.
   *
   * @param at address or slot of the page that is read, in pages
   * @param before the same of the one that was read before
   */
  static int pages(long at, long before, SwapWindow window) {
    int pages = window.hits + 2;
    if (window.hits == 0) {
      pages = at == before + 1 || at == before - 1 ? 2 : 1;
    } else {
      pages = Math.max(4, Integer.highestOneBit(2 * pages - 1));
    }
    return Math.max(Math.min(pages, window.most), window.previous / 2);
  }
}
