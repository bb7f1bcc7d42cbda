package dev.pagewalk.kernel;

/** Advice FREE: pages may be dropped until they are written again. */
final class LazyFree {
  private final Vma vma;
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final PageTables tables;
  private long rangeStart;

  LazyFree(Vma vma) {
    this.vma = vma;
    this.kernel = vma.mm.kernel();
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.tables = vma.mm.tables();
  }

  /** Offers the pages of {@code [start, end)}, as madvise_free_pte_range(). */
  void range(long start, long end) {
    rangeStart = start;
    folios.batches().drain();
    long next;
    for (long address = start; address < end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), end);
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        continue;
      }
      long entry = tables.read(slot);
      if (Pte.isHuge(entry) && !huge(address, next, slot)) {
        continue;
      }
      if (!Pte.isHuge(tables.read(slot))) {
        table(address, next);
      }
    }
  }

  /** A huge page; returns whether small entries are left to look at. */
  private boolean huge(long start, long end, long slot) {
    long pfn = Pte.pfn(tables.read(slot));
    if (folios.isZeroPage(pfn) || folios.mapCount(pfn) != 1) {
      return false;
    }
    if (end - start != PageTables.HUGE_BYTES) {
      return SplitFolio.split(kernel, pfn);
    }
    frames.clear(pfn, FrameTable.DIRTY);
    tables.write(slot, Pte.old(Pte.clean(tables.take(slot))));
    vma.mm.token().hugePage(vma.mm, start);
    markLazy(pfn);
    return false;
  }

  private void table(long start, long end) {
    long slot = tables.find(start, PageTables.PTE);
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long entry = tables.read(slot);
      if (Pte.isSwap(entry)) {
        tables.write(slot, 0);
        kernel.swap().release(entry);
      } else if (Pte.isPresent(entry)) {
        page(address, slot, Pte.pfn(entry), end);
      }
      slot += Long.BYTES;
    }
  }

  private void page(long address, long slot, long found, long end) {
    if (folios.isZeroPage(found) || !folios.isAnon(found)) {
      return;
    }
    if (folios.isLarge(found) && !coversWhole(address, found, end)) {
      if (MappingCount.elsewhere(kernel, frames.head(found), vma.mm)
          || !SplitFolio.split(kernel, found)) {
        return;
      }
    }
    long entry = tables.read(slot);
    long pfn = Pte.pfn(entry);
    if (folios.isZeroPage(pfn)) {
      return;
    }
    // A page of several processes is offered too, unless its own mark says that it is dirty.
    boolean cached = frames.has(pfn, FrameTable.SWAPCACHE);
    if (cached || folios.has(pfn, FrameTable.DIRTY)) {
      if (folios.mapCount(pfn) != 1 || (cached && !kernel.swap().tryToFree(pfn))) {
        return;
      }
      folios.clear(pfn, FrameTable.DIRTY);
    }
    if (Pte.isYoung(entry) || Pte.isDirty(entry)) {
      tables.write(slot, Pte.old(Pte.clean(tables.take(slot))));
      vma.mm.token().page(vma.mm, address);
    }
    markLazy(pfn);
  }

  /** Whether all pages of a large folio lie in the range, one after the other. */
  private boolean coversWhole(long address, long pfn, long end) {
    long head = frames.head(pfn);
    long first = address - ((pfn - head) << 12);
    long bytes = PageTables.PAGE_BYTES << frames.order(head);
    if (first < rangeStart || first + bytes > end) {
      return false;
    }
    for (long page = 0; page < 1L << frames.order(head); page++) {
      if (!MappingCount.maps(tables, first + (page << 12), head + page)) {
        return false;
      }
    }
    return true;
  }

  private void markLazy(long pfn) {
    if (frames.has(frames.head(pfn), FrameTable.SWAPBACKED)
        && !frames.has(pfn, FrameTable.SWAPCACHE)) {
      folios.batches().offer(frames.head(pfn));
    }
  }
}
