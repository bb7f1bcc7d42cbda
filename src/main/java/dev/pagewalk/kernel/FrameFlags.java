package dev.pagewalk.kernel;

/** Flags of a frame, of which its record keeps the lowest 22 bits of a word. */
abstract sealed class FrameFlags permits FrameTable {
  /** The first frame of a free block, or a frame kept ready for the next allocation (PageBuddy). */
  static final int FREE = 1;

  /** The first frame of a block that has been handed out. */
  static final int ALLOCATED = 1 << 1;

  /** Never handed out, or belonging to the kernel for good. */
  static final int RESERVED = 1 << 2;

  /** Holds a paging structure. */
  static final int TABLE = 1 << 3;

  /** The first frame of a folio of several. */
  static final int HEAD = 1 << 4;

  /** A later frame of a folio. */
  static final int TAIL = 1 << 5;

  /** Anonymous memory. */
  static final int ANON = 1 << 6;

  /** Mapped by one process alone (PageAnonExclusive); kept for each frame of a folio. */
  static final int EXCLUSIVE = 1 << 7;

  /** Backed by swap, not by a file. */
  static final int SWAPBACKED = 1 << 8;

  /** In the swap cache: the swap entry is valid. */
  static final int SWAPCACHE = 1 << 9;

  /** Differs from what backs it. */
  static final int DIRTY = 1 << 10;

  /** Used since reclaim last asked. */
  static final int REFERENCED = 1 << 11;

  /** Holds the data it should. */
  static final int UPTODATE = 1 << 12;

  /** Not to be reclaimed: mlocked. */
  static final int MLOCKED = 1 << 13;

  /** On a list of reclaim. */
  static final int LRU = 1 << 14;

  /** On the active list of reclaim. */
  static final int ACTIVE = 1 << 15;

  /** From the pool of explicit huge pages. */
  static final int HUGETLB = 1 << 16;

  /** The zero page, or of the huge zero page. */
  static final int ZERO = 1 << 17;

  /** In the page cache of a file. */
  static final int PAGECACHE = 1 << 18;

  /** Of an explicit huge page: its reservation comes back when it is freed. */
  static final int RESTORE_RESERVE = 1 << 19;

  /** Brought in before it was asked for, and not used yet. */
  static final int PREFETCHED = 1 << 20;

  /** Of a file: who gets here has the next pages read (PG_readahead). */
  static final int READAHEAD = 1 << 21;
}
