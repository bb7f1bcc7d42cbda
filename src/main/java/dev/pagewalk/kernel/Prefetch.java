package dev.pagewalk.kernel;

import java.util.function.LongSupplier;

/**
 * Pages that are brought in before they are asked for: whether there is room for them, and what
 * becomes of them.
 *
 * <p>They take only memory that nobody has to give up for them: above the low watermark, and within
 * the limits of the group; without reclaim, above a small reserve. Where there is none, what would
 * have been brought in is remembered as a wish, and the next time that a group makes room for a
 * page it makes room for the wish too, up to a quarter of what it may have. So a prefetch never
 * fails an allocation, and never takes the frame of the page that is wanted now.
 *
 * <p>MODEL: reading takes no time: a page that is asked for is there at once. Whether it would have
 * come too late is told by the clock (late).
 */
public final class Prefetch {
  /** Of a group's limit, at most this part is asked for pages that nobody has touched. */
  private static final int PART = 4;

  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final Counts swap = new Counts();
  private final Counts files = new Counts();

  /** When pages that are not used yet were asked for, by frame and 1. */
  private final LongTable issued = new LongTable();

  private final long reserve;
  private PrefetchOptions options = PrefetchOptions.DEFAULT;
  private Prefetcher prefetcher = Prefetcher.NONE;
  private LongSupplier clock = () -> 0;
  private long wish;

  /** Pages for which there was no room, since something was wished for last. */
  private long inVain;

  /** Counts of one kind of page. */
  private static final class Counts {
    long issued;
    long used;
    long wasted;
    long late;

    PrefetchStat stat() {
      return new PrefetchStat(issued, used, wasted, late);
    }
  }

  Prefetch(Kernel kernel) {
    this.kernel = kernel;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.reserve = folios.buddy().freeFrames() / 64;
  }

  /** Sets what is brought in from now on. */
  public void use(PrefetchOptions wanted) {
    options = wanted;
    prefetcher = Prefetcher.of(wanted, this);
  }

  void setClock(LongSupplier time) {
    clock = time;
  }

  /** What is brought in. */
  public PrefetchOptions options() {
    return options;
  }

  /** The largest window of read-ahead of files, in pages. */
  long readAheadPages() {
    return options.readAheadBytes() >>> 12;
  }

  /** Of pages of swap and of files. */
  public PrefetchStat stat() {
    return swap().plus(files());
  }

  /** Of pages of swap. */
  public PrefetchStat swap() {
    return swap.stat();
  }

  /** Of pages of files. */
  public PrefetchStat files() {
    return files.stat();
  }

  // --- faults ---

  /**
   * A fault is resolved that read a page, or that found one brought in before; nothing is held.
   *
   * @param slot the swap entry that was read; 0 if it was no page of swap
   */
  void resolved(Vma vma, long address, long slot) {
    prefetcher.touched(vma, address, slot);
    settle();
  }

  /** Nothing more is brought in now; what was in vain is wished for. */
  void settle() {
    wish = inVain;
    inVain = 0;
  }

  /** A fault found its page in the swap cache. */
  void foundInSwapCache(Vma vma, long address, long pfn) {
    boolean hit = frames.has(pfn, FrameTable.PREFETCHED);
    prefetcher.foundInSwapCache(vma, address, hit);
  }

  // --- bringing in ---

  /** Whether one more page may be brought in now; if not, it is wished for. */
  boolean mayTake() {
    Pressure pressure = kernel.pressure();
    long room = pressure != null ? pressure.spare() : folios.buddy().freeFrames() - reserve;
    if (room <= 0) {
      inVain++;
    }
    return room > 0;
  }

  /** So many more are wished for, if one was that there was no room for. */
  void wishMore(long pages) {
    inVain += inVain > 0 ? pages : 0;
  }

  /** How many pages of room are wished for, of a group that may have {@code limit}; once. */
  long takeWish(long limit) {
    long pages = Math.min(wish, limit / PART);
    wish = 0;
    return pages;
  }

  /**
   * Brings in the page of {@code address}, which lies in {@code vma}, if it is in swap or missing
   * of a file that has a device.
   *
   * @return whether to go on with others: not if there is no room, or the device has failed
   */
  boolean page(Vma vma, long address) {
    PageTables tables = vma.mm.tables();
    long place = tables.find(address, PageTables.PTE);
    long entry = place == PageTables.NONE ? 0 : tables.read(place);
    if (Pte.isNone(entry)) {
      return vma.file == null || vma.isHugetlb() || filePage(vma.file, vma.pgoffOf(address));
    }
    return !Pte.isSwap(entry) || slot(entry, vma, address);
  }

  private boolean filePage(FileObject file, long index) {
    return !file.fileSystem().hasDevice()
        || index >= file.sizeInPages()
        || file.isCached(index)
        || kernel.pageCache().readAlong(file, index, false);
  }

  /** Brings the page of a slot into the swap cache; {@code vma} and {@code address} ask for it. */
  boolean slot(long entry, Vma vma, long address) {
    SwapSpace space = kernel.swap();
    if (space.cached(entry) != Folios.NONE) {
      return true;
    }
    if (!mayTake()) {
      return false;
    }
    long pfn = space.bringIn(entry, vma, address);
    if (pfn == Folios.NONE) {
      return false;
    }
    folios.stat().count(VmEvent.SWAP_RA);
    mark(pfn);
    folios.put(pfn);
    return true;
  }

  // --- what becomes of them ---

  /** The page in a frame was brought in and has not been used. */
  void mark(long pfn) {
    frames.set(pfn, FrameTable.PREFETCHED);
    of(pfn).issued++;
    if (options.latency() > 0) {
      issued.put(pfn + 1, clock.getAsLong());
    }
  }

  /** The page in a frame is used; only its first use is counted. */
  void used(long pfn) {
    if (!frames.has(pfn, FrameTable.PREFETCHED)) {
      return;
    }
    frames.clear(pfn, FrameTable.PREFETCHED);
    Counts counts = of(pfn);
    counts.used++;
    if (counts == swap) {
      folios.stat().count(VmEvent.SWAP_RA_HIT);
    }
    long asked = options.latency() > 0 ? issued.remove(pfn + 1) : LongTable.NONE;
    if (asked != LongTable.NONE && clock.getAsLong() - asked < options.latency()) {
      counts.late++;
    }
  }

  /** A frame with the flag is free: nobody used its page. */
  void forgotten(long pfn) {
    of(pfn).wasted++;
    if (options.latency() > 0) {
      issued.remove(pfn + 1);
    }
  }

  private Counts of(long pfn) {
    return frames.has(pfn, FrameTable.SWAPBACKED) ? swap : files;
  }

  Kernel kernel() {
    return kernel;
  }
}
