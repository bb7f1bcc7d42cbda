package dev.pagewalk.mmu;

/** The walk that {@link ShortPath} makes. */
abstract class WalkPath {
  /** What {@link #walk} returns if this is no case for it. */
  static final long UNUSUAL = 0;

  /**
   * Walks, and looks into and fills the paging-structure caches.
   *
   * @param tag of the page
   * @return the page's {@link Cached} word, or {@link #UNUSUAL}, and then nothing has happened
   */
  abstract long walk(long linearAddress, int access, long tag);
}
