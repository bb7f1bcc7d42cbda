package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts single folios out, as shrink_folio_list(): to swap, back to the page cache's device, or, if
 * nobody will miss them, away.
 *
 * <p>MODEL: writing out takes no time: no page waits in the swap cache for its device.
 */
final class Reclaim {
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final SwapSpace swap;

  Reclaim(Kernel kernel) {
    this.kernel = kernel;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.swap = kernel.swap();
  }

  /** Puts the folio of {@code pfn} out, if it can be. */
  void putOut(long pfn) {
    if (folios.isLarge(pfn)) {
      long head = frames.head(pfn);
      long pages = 1L << frames.order(head);
      // MODEL: a huge page is cut before it is put out; its slots follow one another all the same.
      if (swap.isOn() && SplitFolio.splitAsIs(kernel, head)) {
        for (long page = head; page < head + pages; page++) {
          if (frames.mapCount(page) > 0) {
            putOut(page);
          }
        }
      }
    } else if (folios.isAnon(pfn)) {
      anonymous(pfn);
    } else {
      file(pfn);
    }
  }

  /**
   * Puts a single page out because its frame is needed; a dirty page of a file is written back
   * first. It is locked nowhere.
   *
   * @return whether the page has gone: its frame is free once the token is spent
   */
  boolean evict(long pfn) {
    boolean anonymous = folios.isAnon(pfn);
    boolean needsSlot = frames.has(pfn, FrameTable.SWAPBACKED) && !isClean(pfn);
    if (needsSlot && !frames.has(pfn, FrameTable.SWAPCACHE) && !swap.hasRoom()) {
      return false;
    }
    if (anonymous) {
      anonymous(pfn);
      return frames.mapCount(pfn) == 0 && !frames.has(pfn, FrameTable.SWAPCACHE);
    }
    if (frames.has(pfn, FrameTable.SWAPCACHE)) {
      // Read ahead for somebody who has not come yet: what is in the slot is the page.
      swap.dropFromCache(pfn);
      return true;
    }
    unmap(pfn);
    FileObject file = kernel.files().get(frames.owner(pfn));
    if (file != null && file.fileSystem().hasDevice() && frames.has(pfn, FrameTable.DIRTY)) {
      SafePoint.flush(kernel);
      kernel.pageCache().writeBack(file, frames.index(pfn));
      folios.stat().count(VmEvent.NR_VMSCAN_WRITE);
    }
    fileGoes(pfn);
    return !frames.has(pfn, FrameTable.PAGECACHE);
  }

  /** Whether a page of a TMPFS has nothing that was ever written. */
  private boolean isClean(long pfn) {
    return !folios.isAnon(pfn) && !kernel.pressure().use().isDirty(pfn);
  }

  // --- anonymous pages ---

  private void anonymous(long pfn) {
    if (!frames.has(pfn, FrameTable.SWAPBACKED)) {
      lazyFree(pfn);
      return;
    }
    boolean cached = frames.has(pfn, FrameTable.SWAPCACHE);
    long slot = cached ? frames.swap(pfn) : swap.allocate();
    if (slot == SwapSpace.FULL) {
      frames.set(pfn, FrameTable.ACTIVE);
      return;
    }
    if (!cached) {
      if (folios.pressure() != null) {
        folios.pressure().lists().remember(slot, pfn);
      }
      swap.addToCache(pfn, slot);
      frames.set(pfn, FrameTable.DIRTY);
    }
    List<Place> places = places(pfn);
    for (Place place : places) {
      toSwap(place, pfn, slot);
    }
    if (!cached) {
      swap.release(slot);
    }
    if (frames.has(pfn, FrameTable.DIRTY)) {
      SafePoint.flush(kernel);
      if (swap.write(slot, pfn)) {
        frames.clear(pfn, FrameTable.DIRTY);
      }
    }
    if (!frames.has(pfn, FrameTable.DIRTY)) {
      swap.dropFromCache(pfn);
    }
  }

  /** Replaces one entry by a swap entry. */
  private void toSwap(Place place, long pfn, long slot) {
    AddressSpace mm = place.vma().mm;
    long entry = mm.tables().take(place.slot());
    swap.duplicate(slot);
    boolean exclusive = folios.isExclusive(pfn);
    mm.tables().write(place.slot(), exclusive ? Pte.swapExclusive(slot) : slot);
    mm.token().page(mm, place.address());
    if (Pte.isDirty(entry)) {
      frames.set(pfn, FrameTable.DIRTY);
    }
    folios.removeMapping(pfn);
    mm.token().putLater(pfn);
  }

  /** A page that was offered goes, unless it was written since. */
  private void lazyFree(long pfn) {
    List<Place> places = places(pfn);
    boolean dirty = frames.has(pfn, FrameTable.DIRTY);
    for (Place place : places) {
      dirty |= Pte.isDirty(place.vma().mm.tables().read(place.slot()));
    }
    if (dirty) {
      // Written since: it stays for now, and is like any other again.
      frames.set(pfn, FrameTable.SWAPBACKED);
      return;
    }
    folios.stat().count(VmEvent.PGLAZYFREED);
    for (Place place : places) {
      AddressSpace mm = place.vma().mm;
      mm.tables().take(place.slot());
      mm.token().page(mm, place.address());
      folios.removeMapping(pfn);
      mm.token().putLater(pfn);
    }
  }

  // --- pages of files ---

  /** The entries go; a clean page leaves memory, a dirty one of a TMPFS goes to swap. */
  private void file(long pfn) {
    unmap(pfn);
    fileGoes(pfn);
  }

  private void unmap(long pfn) {
    for (Place place : places(pfn)) {
      AddressSpace mm = place.vma().mm;
      long entry = mm.tables().take(place.slot());
      mm.token().page(mm, place.address());
      if (Pte.isDirty(entry)) {
        frames.set(pfn, FrameTable.DIRTY);
      }
      folios.removeMapping(pfn);
      mm.token().putLater(pfn);
    }
  }

  private void fileGoes(long pfn) {
    FileObject file = kernel.files().get(frames.owner(pfn));
    long index = frames.index(pfn);
    if (file == null || !frames.has(pfn, FrameTable.PAGECACHE)) {
      return;
    }
    if (!frames.has(pfn, FrameTable.DIRTY)) {
      kernel.pageCache().remove(file, index);
    } else if (file.fileSystem().hasDevice()) {
      frames.set(pfn, FrameTable.ACTIVE);
    } else if (swap.isOn()) {
      tmpfsToSwap(file, index, pfn);
    }
  }

  private void tmpfsToSwap(FileObject file, long index, long pfn) {
    long slot = swap.allocate();
    if (slot == SwapSpace.FULL) {
      return;
    }
    if (folios.pressure() != null) {
      folios.pressure().lists().remember(slot, pfn);
    }
    SafePoint.flush(kernel);
    if (!swap.write(slot, pfn)) {
      swap.release(slot);
      return;
    }
    kernel.pageCache().remove(file, index);
    file.swapped().put(index, slot);
  }

  // --- the reverse map ---

  /**
   * An entry that maps a page.
   *
   * @param slot physical address of the entry
   */
  private record Place(Vma vma, long address, long slot) {}

  private List<Place> places(long pfn) {
    List<Place> places = new ArrayList<>();
    kernel
        .reverseMap()
        .walk(
            pfn,
            (vma, address) -> {
              if (MappingCount.maps(vma.mm.tables(), address, pfn)) {
                long slot = vma.mm.tables().find(address, PageTables.PTE);
                places.add(new Place(vma, address, slot));
              }
            });
    return places;
  }
}
