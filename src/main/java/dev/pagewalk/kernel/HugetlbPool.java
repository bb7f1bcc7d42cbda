package dev.pagewalk.kernel;

import java.util.Arrays;

/**
 * The pool of explicit huge pages of one size (hstate).
 *
 * <p>Pages in the pool belong to nobody else. A mapping reserves what it may need when it is made,
 * so that its faults cannot fail; what is neither in use nor reserved is for mappings without
 * reservation and for copies.
 */
public final class HugetlbPool {
  private final Folios folios;
  private final int level;
  private long[] free = new long[8];
  private int freeCount;
  private long total;
  private long reserved;

  /**
   * An empty pool.
   *
   * @param level of the entries that map its pages: {@link PageTables#PMD} or {@link
   *     PageTables#PUD}
   */
  HugetlbPool(Folios folios, int level) {
    this.folios = folios;
    this.level = level;
  }

  /** Size of a page, in bytes. */
  public long pageBytes() {
    return 1L << PageTables.shift(level);
  }

  /** Pages there are: HugePages_Total. */
  public long total() {
    return total;
  }

  /** Pages that nobody uses: HugePages_Free. */
  public long free() {
    return freeCount;
  }

  /** Pages that are promised and not yet used: HugePages_Rsvd. */
  public long reserved() {
    return reserved;
  }

  int level() {
    return level;
  }

  int order() {
    return PageTables.shift(level) - 12;
  }

  /** The first address of the page that {@code address} lies in. */
  long pageOf(long address) {
    return address & -pageBytes();
  }

  /** Whether {@code address} or length is a multiple of the page size. */
  boolean isAligned(long address) {
    return pageOf(address) == address;
  }

  /** {@code bytes} rounded up to whole pages of the pool. */
  long roundUp(long bytes) {
    return pageOf(bytes + pageBytes() - 1);
  }

  // --- size ---

  /**
   * Grows or shrinks the pool as far as memory and use allow, as a write to nr_hugepages.
   *
   * @return how many pages there are then
   */
  long resize(long pages) {
    while (total < pages) {
      long head = folios.allocateKernel(order());
      if (head == Folios.NONE) {
        break;
      }
      folios.frames().set(head, FrameTable.HUGETLB);
      folios.frames().addRef(head, -1);
      total++;
      push(head);
    }
    while (total > pages && freeCount > reserved) {
      long head = free[--freeCount];
      folios.frames().clear(head, FrameTable.HUGETLB);
      folios.frames().addRef(head, 1);
      folios.put(head);
      total--;
    }
    return total;
  }

  // --- pages ---

  /**
   * Takes a page with one reference and any contents, as dequeue_hugetlb_folio().
   *
   * @param promised whether a reservation is used up by it; else one that is promised to nobody
   * @return its first frame, or NONE
   */
  long take(boolean promised) {
    if (freeCount == 0 || (!promised && freeCount <= reserved)) {
      return Folios.NONE;
    }
    reserved -= promised ? 1 : 0;
    long head = free[--freeCount];
    folios.frames().addRef(head, 1);
    return head;
  }

  /** Takes back a page that nobody references any more. */
  void give(long head) {
    FrameTable frames = folios.frames();
    if (frames.has(head, FrameTable.RESTORE_RESERVE)) {
      reserved++;
    }
    frames.clear(
        head,
        FrameTable.ANON
            | FrameTable.EXCLUSIVE
            | FrameTable.UPTODATE
            | FrameTable.DIRTY
            | FrameTable.REFERENCED
            | FrameTable.ACTIVE
            | FrameTable.PAGECACHE
            | FrameTable.RESTORE_RESERVE);
    frames.setOwner(head, 0);
    frames.setIndex(head, 0);
    push(head);
  }

  private void push(long head) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = head;
  }

  // --- reservations ---

  /** Promises {@code pages} more; false if there are not so many left. */
  boolean reserve(long pages) {
    if (pages > freeCount - reserved) {
      return false;
    }
    reserved += pages;
    return true;
  }

  /** Takes back what was promised and is not wanted any more. */
  void unreserve(long pages) {
    reserved -= pages;
  }
}
