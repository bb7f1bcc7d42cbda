package dev.pagewalk.mmu;

/** The walk that {@link ShortPath} makes. */
abstract class WalkPath {
  /** What {@link #walk} returns if this is no case for it. */
  static final long UNUSUAL = 0;

  /**
   * Walks to a page that no TLB has, and looks into and fills the paging-structure caches.
   *
   * @return the page's {@link Cached} word, or {@link #UNUSUAL}, and then nothing has happened
   */
  abstract long walk(long linearAddress, int access);
}
