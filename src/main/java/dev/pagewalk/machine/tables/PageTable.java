package dev.pagewalk.machine.tables;

/**
 * A page table of some shape, which is filled as pages are first used.
 *
 * <p>Words have 8 bytes, pages 4 KiB. A page is its virtual page number, of at most 45 bits, and
 * the process, of at most 18.
 */
public interface PageTable {
  /** Its name, as reports show it. */
  String name();

  /** What a word and an entry are, in a few words. */
  String shape();

  /**
   * Walks the table to a page; if it is not there yet, maps it to a frame.
   *
   * @param process number of the process, from 0
   * @param page virtual page number
   * @return words read on the way to the entry; for a page that was not there, those that it took
   *     to find that out
   */
  int walk(int process, long page);

  /** Whether the last walk found that the page was not there. */
  boolean missed();

  /** Bytes of the tables as they are now, of all processes. */
  long bytes();
}
