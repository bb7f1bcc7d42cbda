package dev.pagewalk.kernel;

import java.util.List;

/**
 * How a page is used, as the entries that map it and its record show (folio_referenced), and its
 * write-back.
 */
final class PageUse {
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final boolean exact;

  PageUse(Kernel kernel, boolean exact) {
    this.kernel = kernel;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.exact = exact;
  }

  /** Told of an entry that maps a page or a huge page. */
  private interface Visitor {
    /**
     * An entry.
     *
     * @param slot physical address of it
     * @return whether to go on
     */
    boolean visit(Vma vma, long address, long slot);
  }

  /** Whether an accessed bit was set; they are all clear then. */
  boolean testAndClearAccessed(long pfn) {
    boolean[] accessed = {frames.has(pfn, FrameTable.REFERENCED)};
    frames.clear(pfn, FrameTable.REFERENCED);
    each(
        pfn,
        (vma, address, slot) -> {
          PageTables tables = vma.mm.tables();
          if (tables.testAndClearAccessed(slot)) {
            accessed[0] = true;
            if (exact) {
              owe(vma, address, slot);
            }
          }
          return true;
        });
    return accessed[0];
  }

  private static void owe(Vma vma, long address, long slot) {
    if ((vma.mm.tables().read(slot) & Pte.HUGE) != 0
        && address == PageTables.hugePageOf(address)
        && HugePages.find(vma.mm, address) == slot) {
      vma.mm.token().hugePage(vma.mm, address);
    } else {
      vma.mm.token().page(vma.mm, address);
    }
  }

  boolean isAccessed(long pfn) {
    return frames.has(pfn, FrameTable.REFERENCED)
        || !each(pfn, (vma, address, slot) -> !Pte.isYoung(vma.mm.tables().read(slot)));
  }

  /** Whether it must be written somewhere before its frame can be used for something else. */
  boolean isDirty(long pfn) {
    boolean offered = folios.isAnon(pfn) && !folios.has(pfn, FrameTable.SWAPBACKED);
    boolean nowhereElse = isAnonymous(pfn) && !offered && !frames.has(pfn, FrameTable.SWAPCACHE);
    return nowhereElse
        || folios.has(pfn, FrameTable.DIRTY)
        || !each(pfn, (vma, address, slot) -> !Pte.isDirty(vma.mm.tables().read(slot)));
  }

  /** Whether it goes to swap: anonymous memory, and pages of a TMPFS. */
  boolean isAnonymous(long pfn) {
    return folios.has(pfn, FrameTable.ANON | FrameTable.SWAPBACKED);
  }

  /** Whether a locked mapping has it. */
  boolean isLocked(long pfn) {
    return !each(pfn, (vma, address, slot) -> !vma.has(VmFlag.LOCKED));
  }

  /** Writes a dirty page back and makes it clean; whether that could be done. */
  boolean writeBack(long pfn) {
    boolean offered = folios.isAnon(pfn) && !folios.has(pfn, FrameTable.SWAPBACKED);
    if (folios.isLarge(pfn) || offered || !isDirty(pfn)) {
      return false;
    }
    if (folios.isAnon(pfn)) {
      return toSwap(pfn);
    }
    FileObject file = kernel.files().get(frames.owner(pfn));
    if (file == null || !file.fileSystem().hasDevice()) {
      return false;
    }
    folios.stat().count(VmEvent.NR_VMSCAN_WRITE);
    return kernel.pageCache().writeBack(file, frames.index(pfn)) == 0;
  }

  private boolean toSwap(long pfn) {
    SwapSpace swap = kernel.swap();
    boolean cached = frames.has(pfn, FrameTable.SWAPCACHE);
    long slot = cached ? frames.swap(pfn) : swap.allocate();
    if (slot == SwapSpace.FULL) {
      return false;
    }
    if (!cached) {
      kernel.pressure().lists().remember(slot, pfn);
      swap.addToCache(pfn, slot);
      swap.release(slot);
    }
    each(
        pfn,
        (vma, address, place) -> {
          if (vma.mm.tables().testAndClean(place)) {
            vma.mm.token().page(vma.mm, address);
          }
          return true;
        });
    // Stores through TLBs that still think the page dirty would be lost.
    kernel.token().spendNow();
    boolean written = swap.write(slot, pfn);
    if (written) {
      frames.clear(pfn, FrameTable.DIRTY);
      folios.stat().count(VmEvent.NR_VMSCAN_WRITE);
    } else {
      frames.set(pfn, FrameTable.DIRTY);
    }
    return written;
  }

  // --- the reverse map ---

  /** Visits the entries that map anything of the folio; false if a visitor did not go on. */
  private boolean each(long pfn, Visitor visitor) {
    long head = frames.head(pfn);
    List<Vma> vmas = kernel.reverseMap().vmasOf(head);
    long index = frames.index(head);
    long pages = 1L << frames.order(head);
    for (int i = 0; i < vmas.size(); i++) {
      Vma vma = vmas.get(i);
      long first = vma.addressOf(index);
      boolean goOn = pages == 1 ? one(vma, first, head, visitor) : many(vma, head, pages, visitor);
      if (!goOn) {
        return false;
      }
    }
    return true;
  }

  private static boolean one(Vma vma, long address, long pfn, Visitor visitor) {
    if (!vma.contains(address)) {
      return true;
    }
    PageTables tables = vma.mm.tables();
    long slot = tables.find(address, PageTables.PTE);
    if (slot == PageTables.NONE) {
      return true;
    }
    long entry = tables.read(slot);
    boolean maps = Pte.isPresent(entry) && Pte.pfn(entry) == pfn;
    return !maps || visitor.visit(vma, address, slot);
  }

  private boolean many(Vma vma, long head, long pages, Visitor visitor) {
    PageTables tables = vma.mm.tables();
    long first = vma.addressOf(frames.index(head));
    long address = Math.max(first, vma.start);
    long end = Math.min(first + (pages << 12), vma.end);
    while (address < end) {
      long huge = HugePages.find(vma.mm, PageTables.hugePageOf(address));
      boolean goOn = true;
      if (huge == PageTables.NONE) {
        goOn = one(vma, address, head + ((address - first) >> 12), visitor);
        address += PageTables.PAGE_BYTES;
      } else {
        if (Pte.pfn(tables.read(huge)) == head) {
          goOn = visitor.visit(vma, address, huge);
        }
        address = PageTables.nextAt(address, PageTables.PMD);
      }
      if (!goOn) {
        return false;
      }
    }
    return true;
  }
}
