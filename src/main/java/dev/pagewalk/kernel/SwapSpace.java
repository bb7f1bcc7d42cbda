package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * All swap areas together: slots by their swap entry, and the swap cache, which holds the frames
 * whose contents are in a slot too.
 */
final class SwapSpace {
  /** No slot is free. */
  static final long FULL = 0;

  private final Folios folios;
  private final FrameTable frames;

  /** A page on its way to somebody who looks at it from outside. */
  private final PhysicalMemory scratch = PhysicalMemory.ofSize(PageTables.PAGE_BYTES);

  private boolean deviceFailed;
  private final List<SwapArea> areas = new ArrayList<>();

  SwapSpace(Folios folios) {
    this.folios = folios;
    this.frames = folios.frames();
  }

  void add(SwapArea area) {
    areas.add(area);
  }

  /** The areas, by number. */
  List<SwapArea> areas() {
    return areas;
  }

  boolean isOn() {
    return !areas.isEmpty();
  }

  /** Whether a slot is free. */
  boolean hasRoom() {
    for (int type = 0; type < areas.size(); type++) {
      if (areas.get(type).used() < areas.get(type).total()) {
        return true;
      }
    }
    return false;
  }

  long totalSlots() {
    return areas.stream().mapToLong(SwapArea::total).sum();
  }

  long usedSlots() {
    return areas.stream().mapToLong(SwapArea::used).sum();
  }

  /** Whether less than half of the slots are free: then none is kept for a page in memory. */
  private boolean isNearlyFull() {
    return usedSlots() * 2 > totalSlots();
  }

  /**
   * A new slot that one entry names; FULL if there is none.
   *
   * <p>MODEL: areas are filled in the order in which they were added, without priorities.
   */
  long allocate() {
    for (int type = 0; type < areas.size(); type++) {
      long slot = areas.get(type).allocate();
      if (slot >= 0) {
        return Pte.swap(type, slot);
      }
    }
    return FULL;
  }

  /** The swap entry of slot {@code offset} of the same area; FULL if it has no such slot. */
  long neighbour(long entry, long offset) {
    return offset < area(entry).slots() ? Pte.swap(Pte.swapType(entry), offset) : FULL;
  }

  private SwapArea area(long entry) {
    return areas.get(Pte.swapType(entry));
  }

  int count(long entry) {
    return area(entry).count(Pte.swapOffset(entry));
  }

  void duplicate(long entry) {
    area(entry).duplicate(Pte.swapOffset(entry));
  }

  /** One entry less names the slot; the last one takes a page of the swap cache along. */
  void release(long entry) {
    SwapArea area = area(entry);
    long slot = Pte.swapOffset(entry);
    long cached = area.cached(slot);
    int left = area.release(slot);
    if (left == 0 && cached != Folios.NONE && frames.refs(cached) == 1) {
      dropFromCache(cached);
    }
  }

  // --- the swap cache ---

  /** The frame that holds the slot's page, or NONE. */
  long cached(long entry) {
    return area(entry).cached(Pte.swapOffset(entry));
  }

  /**
   * Reads a slot into a frame of its own, with one reference; NONE if there is no memory, or if the
   * device has failed: {@link #deviceFailed}.
   *
   * @param vma for whose page at {@code address} it is; null if that is not known
   */
  long read(long entry, Vma vma, long address) {
    deviceFailed = false;
    Pressure pressure = folios.pressure();
    if (pressure != null) {
      pressure.wantSwapped(entry);
    }
    long pfn = vma == null ? folios.allocate(0) : folios.allocate(0, vma, address);
    if (pfn == Folios.NONE) {
      return Folios.NONE;
    }
    if (!area(entry).read(Pte.swapOffset(entry), folios.memory(), pfn << 12)) {
      deviceFailed = true;
      folios.put(pfn);
      return Folios.NONE;
    }
    frames.set(pfn, FrameTable.UPTODATE | FrameTable.SWAPBACKED | FrameTable.LRU);
    folios.stat().count(VmEvent.PSWPIN);
    if (pressure != null) {
      pressure.lists().comesFromSwap(pfn, entry);
    }
    return pfn;
  }

  /** Whether the last slot could not be read because its device has failed. */
  boolean deviceFailed() {
    return deviceFailed;
  }

  /** Reads a slot and changes nothing; no frame is needed. */
  boolean peek(long entry, byte[] page) {
    boolean done = area(entry).read(Pte.swapOffset(entry), scratch, 0);
    scratch.read(0, page, 0, page.length);
    return done;
  }

  /** Frees what is kept for {@link #peek}. */
  void close() {
    scratch.close();
  }

  /**
   * The slot's page through the swap cache, with a reference for the caller, or NONE.
   *
   * <p>MODEL: pages of a TMPFS come back by the policy of the process, not by that of the object.
   */
  long bringIn(long entry) {
    return bringIn(entry, null, 0);
  }

  /** The same for the page of {@code address}. */
  long bringIn(long entry, Vma vma, long address) {
    long pfn = cached(entry);
    if (pfn != Folios.NONE) {
      folios.get(pfn);
      return pfn;
    }
    pfn = read(entry, vma, address);
    if (pfn != Folios.NONE) {
      addToCache(pfn, entry);
      if (folios.pressure() != null) {
        folios.pressure().lists().admitSwapped(pfn);
      }
    }
    return pfn;
  }

  /** Puts a frame into the swap cache, which takes a reference of its own. */
  void addToCache(long pfn, long entry) {
    area(entry).setCached(Pte.swapOffset(entry), pfn);
    frames.setSwap(pfn, Pte.swapShared(entry));
    frames.set(pfn, FrameTable.SWAPCACHE);
    folios.get(pfn);
  }

  /** Takes a frame out of the swap cache, if it is there, and drops the cache's reference. */
  void dropFromCache(long pfn) {
    if (frames.has(pfn, FrameTable.SWAPCACHE)) {
      long entry = frames.swap(pfn);
      area(entry).clearCached(Pte.swapOffset(entry));
      frames.setSwap(pfn, -1);
      frames.clear(pfn, FrameTable.SWAPCACHE);
      folios.put(pfn);
    }
  }

  /**
   * As free_swap_cache(): a page that only the swap cache holds, for a slot without entries, goes.
   */
  void dropIfUnused(long pfn) {
    if (frames.has(pfn, FrameTable.SWAPCACHE)
        && frames.refs(pfn) == 1
        && count(frames.swap(pfn)) == 0) {
      dropFromCache(pfn);
    }
  }

  /** As folio_free_swap(): drops the slot of a page in memory that no entry names any more. */
  boolean tryToFree(long pfn) {
    if (!frames.has(pfn, FrameTable.SWAPCACHE) || count(frames.swap(pfn)) > 0) {
      return false;
    }
    dropFromCache(pfn);
    frames.set(pfn, FrameTable.DIRTY);
    return true;
  }

  /** Whether the slot is to be freed as soon as the page is in memory again. */
  boolean shouldFree(long pfn, Vma vma, boolean write) {
    if (!frames.has(pfn, FrameTable.SWAPCACHE)) {
      return false;
    }
    return isNearlyFull() || vma.has(VmFlag.LOCKED) || (write && frames.refs(pfn) == 2);
  }

  /** Whether reading does not sleep, so that a page of one owner need not pass the swap cache. */
  boolean isSynchronous(long entry) {
    return area(entry).synchronous();
  }

  /** Writes a page to its slot. */
  boolean write(long entry, long pfn) {
    folios.stat().count(VmEvent.PSWPOUT);
    return area(entry).write(Pte.swapOffset(entry), folios.memory(), pfn << 12);
  }
}
