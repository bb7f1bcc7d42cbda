package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;

/**
 * Frames in use: allocation, references, and the counts of the entries that map them.
 *
 * <p>A folio is one frame, or 2^order frames that are given and taken together; it is known by its
 * first frame, the head. Each mapping entry, each place in a page cache and the swap cache hold a
 * reference for each frame they name; an entry that maps a whole huge page holds one. A folio whose
 * references are gone is free.
 */
final class Folios {
  /** No frame: there is no memory. */
  static final long NONE = -1;

  private final PhysicalMemory memory;
  private final FrameTable frames;
  private final BuddyAllocator buddy;
  private final Numa numa;
  private final long zeroPage;
  private final FolioBatches batches;
  private final VmStat stat = new VmStat();
  private Hugetlb hugetlb;

  private Prefetch prefetch;

  /** Null unless memory is reclaimed. */
  private Pressure pressure;

  private long hugeZeroPage = NONE;

  Folios(PhysicalMemory memory, FrameTable frames, BuddyAllocator buddy, Numa numa) {
    this.memory = memory;
    this.frames = frames;
    this.buddy = buddy;
    this.numa = numa;
    this.batches = new FolioBatches(this);
    this.zeroPage = allocate(0);
    if (zeroPage == NONE) {
      throw new IllegalArgumentException("no memory for the zero page");
    }
    memory.fill(zeroPage << 12, PageTables.PAGE_BYTES, 0);
    frames.set(zeroPage, FrameTable.ZERO | FrameTable.RESERVED);
  }

  PhysicalMemory memory() {
    return memory;
  }

  FrameTable frames() {
    return frames;
  }

  /** Pages of RAM. */
  long ramPages() {
    return frames.ranges().stream().mapToLong(FrameRange::frames).sum();
  }

  BuddyAllocator buddy() {
    return buddy;
  }

  /** Which node a frame comes from. */
  Numa numa() {
    return numa;
  }

  /** Sets the pools that explicit huge pages go back to. */
  void useHugetlb(Hugetlb pools) {
    hugetlb = pools;
  }

  /** Sets what is told of pages that were brought in and never used. */
  void usePrefetch(Prefetch counter) {
    prefetch = counter;
  }

  /** What has been counted. */
  VmStat stat() {
    return stat;
  }

  /** Has {@code reclaim} judge each folio that a user takes. */
  void usePressure(Pressure reclaim) {
    pressure = reclaim;
  }

  /** Null unless memory is reclaimed. */
  Pressure pressure() {
    return pressure;
  }

  /** Pages offered by advice FREE that are not marked yet. */
  FolioBatches batches() {
    return batches;
  }

  // --- allocation ---

  /**
   * A folio of 2^order frames for a user, with one reference and any contents; NONE if there is no
   * memory, or none that may be had.
   */
  long allocate(int order) {
    return mayTake(order) ? taken(fromZones(order), order) : NONE;
  }

  /** The same for the page of {@code address}, on the node that the mapping's policy wants. */
  long allocate(int order, Vma vma, long address) {
    if (!mayTake(order)) {
      return NONE;
    }
    long pfn = numa.allocate(order, vma, address);
    boolean again = pfn == NONE && batches.releaseUnlocked();
    return taken(again ? numa.allocate(order, vma, address) : pfn, order);
  }

  /** Frames of the caller's node; if there are none, those that wait to be unlocked come back. */
  private long fromZones(int order) {
    long pfn = numa.allocate(order);
    return pfn == NONE && batches.releaseUnlocked() ? numa.allocate(order) : pfn;
  }

  private boolean mayTake(int order) {
    return pressure == null || pressure.mayTake(order);
  }

  private long taken(long pfn, int order) {
    made(pfn, order);
    if (pressure != null) {
      pressure.taken(pfn, order);
    }
    return pfn;
  }

  /** The same for the kernel itself, which no limit and no watermark bounds. */
  long allocateKernel(int order) {
    long pfn = made(fromZones(order), order);
    if (pfn == NONE && pressure != null) {
      pressure.kernelRefused();
    }
    return pfn;
  }

  private long made(long pfn, int order) {
    if (pfn == NONE) {
      return NONE;
    }
    if (order > 0) {
      frames.setFolio(pfn, order);
    }
    frames.addRef(pfn, 1);
    return pfn;
  }

  /** As {@link #allocate}, filled with zeroes. */
  long allocateZeroed(int order) {
    return zeroed(allocate(order), order);
  }

  /** The same for the page of {@code address}, on the node that the mapping's policy wants. */
  long allocateZeroed(int order, Vma vma, long address) {
    return zeroed(allocate(order, vma, address), order);
  }

  /** A frame of zeroes for page {@code index} of a file in memory; NONE without memory. */
  long allocateZeroed(FileObject file, long index) {
    return zeroed(mayTake(0) ? taken(numa.allocate(0, file, index), 0) : NONE, 0);
  }

  /** As {@link #allocateKernel}, filled with zeroes. */
  long allocateKernelZeroed(int order) {
    return zeroed(allocateKernel(order), order);
  }

  private long zeroed(long pfn, int order) {
    if (pfn != NONE) {
      memory.fill(pfn << 12, PageTables.PAGE_BYTES << order, 0);
    }
    return pfn;
  }

  /** A frame for a page table, of zeroes. */
  long allocateTable() {
    long pfn = allocateKernelZeroed(0);
    if (pfn != NONE) {
      frames.set(pfn, FrameTable.TABLE);
    }
    return pfn;
  }

  /** A copy of frame {@code from} for the page of {@code address}; NONE without memory. */
  long allocateCopy(long from, Vma vma, long address) {
    long pfn = allocate(0, vma, address);
    if (pfn != NONE) {
      memory.copyFrom(memory, from << 12, pfn << 12, PageTables.PAGE_BYTES);
    }
    return pfn;
  }

  long zeroPage() {
    return zeroPage;
  }

  /**
   * The huge page of zeroes, made at its first use; NONE if there is no memory.
   *
   * <p>MODEL: the huge zero page stays for good; Linux gives it back when nobody maps it and memory
   * is short.
   */
  long hugeZeroPage() {
    if (hugeZeroPage == NONE) {
      hugeZeroPage = allocateKernelZeroed(PageTables.HUGE_ORDER);
      if (hugeZeroPage != NONE) {
        for (int i = 0; i < PageTables.HUGE_PAGES; i++) {
          frames.set(hugeZeroPage + i, FrameTable.ZERO);
        }
      }
    }
    return hugeZeroPage;
  }

  /** Whether {@code pfn} is of the zero page or the huge one, which nobody counts. */
  boolean isZeroPage(long pfn) {
    return frames.has(pfn, FrameTable.ZERO);
  }

  // --- references ---

  void get(long pfn) {
    frames.addRef(frames.head(pfn), 1);
  }

  void get(long pfn, int count) {
    frames.addRef(frames.head(pfn), count);
  }

  /** Drops a reference to the folio of {@code pfn}; the last one frees it. */
  void put(long pfn) {
    long head = frames.head(pfn);
    int left = frames.addRef(head, -1);
    if (left == 0) {
      free(head);
    } else if (left < 0) {
      throw new IllegalStateException("frame " + pfn + " is given back twice");
    }
  }

  private void free(long head) {
    int order = frames.order(head);
    for (long pfn = head; pfn < head + (1L << order); pfn++) {
      if (frames.mapCount(pfn) != 0 || frames.has(pfn, FrameTable.SWAPCACHE)) {
        throw new IllegalStateException("frame " + pfn + " is freed while in use");
      }
    }
    if (order > 0 && frames.entireMapCount(head) != 0) {
      throw new IllegalStateException("folio " + head + " is freed while in use");
    }
    if (frames.has(head, FrameTable.PREFETCHED)) {
      prefetch.forgotten(head);
    }
    if (frames.has(head, FrameTable.HUGETLB)) {
      hugetlb.ofOrder(order).give(head);
      return;
    }
    batches.forget(head);
    if (pressure != null) {
      pressure.lists().freed(head, order);
    }
    buddy.free(head, order);
  }

  // --- kinds ---

  boolean isAnon(long pfn) {
    return has(pfn, FrameTable.ANON);
  }

  /** Whether the folio of {@code pfn} has the flag. */
  boolean has(long pfn, int flag) {
    return frames.has(frames.head(pfn), flag);
  }

  void set(long pfn, int flag) {
    frames.set(frames.head(pfn), flag);
  }

  void clear(long pfn, int flag) {
    frames.clear(frames.head(pfn), flag);
  }

  boolean isLarge(long pfn) {
    return frames.order(frames.head(pfn)) > 0;
  }

  /** Whether the very frame belongs to one process alone, which may write it. */
  boolean isExclusive(long pfn) {
    return frames.has(pfn, FrameTable.EXCLUSIVE);
  }

  void setExclusive(long pfn) {
    frames.set(pfn, FrameTable.EXCLUSIVE);
  }

  void clearExclusive(long pfn) {
    frames.clear(pfn, FrameTable.EXCLUSIVE);
  }

  /** As folio_mark_accessed(): the second use makes it active. */
  void markAccessed(long pfn) {
    long head = frames.head(pfn);
    if (!frames.has(head, FrameTable.REFERENCED)) {
      frames.set(head, FrameTable.REFERENCED);
    } else if (!frames.has(head, FrameTable.ACTIVE)) {
      frames.set(head, FrameTable.ACTIVE);
      frames.clear(head, FrameTable.REFERENCED);
    }
  }

  // --- the reverse map's counts ---

  /** How many entries map the very frame, those of whole huge pages among them. */
  int mapCount(long pfn) {
    return frames.mapCount(pfn) + frames.entireMapCount(frames.head(pfn));
  }

  /** How many entries map anything of the folio. */
  int mappings(long head) {
    int count = frames.entireMapCount(head);
    long end = head + (1L << frames.order(head));
    for (long pfn = head; pfn < end; pfn++) {
      count += frames.mapCount(pfn);
    }
    return count;
  }

  boolean isMapped(long head) {
    return mappings(head) > 0;
  }

  /** A new anonymous page is mapped, by one entry, in one process. */
  void addNewAnon(long head, Vma vma, long address) {
    int order = frames.order(head);
    frames.set(head, FrameTable.ANON | FrameTable.SWAPBACKED | FrameTable.UPTODATE);
    frames.set(head, FrameTable.LRU);
    frames.setOwner(head, vma.anonVma.id);
    frames.setIndex(head, vma.pgoffOf(address));
    frames.set(head, FrameTable.EXCLUSIVE);
    if (order == 0) {
      frames.addMapCount(head, 1);
    } else {
      frames.addEntireMapCount(head, 1);
    }
    if (pressure != null) {
      pressure.lists().admitAnonymous(head, vma, address);
    }
  }

  /** An entry that maps {@code pfn} is made or copied. */
  void addMapping(long pfn) {
    frames.addMapCount(pfn, 1);
  }

  /** An entry that maps {@code pfn} is gone; its reference is not dropped. */
  void removeMapping(long pfn) {
    if (frames.addMapCount(pfn, -1) < 0) {
      throw new IllegalStateException("frame " + pfn + " is unmapped twice");
    }
  }

  void addHugeMapping(long head) {
    frames.addEntireMapCount(head, 1);
  }

  void removeHugeMapping(long head) {
    if (frames.addEntireMapCount(head, -1) < 0) {
      throw new IllegalStateException("folio " + head + " is unmapped twice");
    }
  }
}
