package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/** Advices COLD and PAGEOUT: pages that are not used now, and pages to put out at once. */
final class PageOut {
  private final Vma vma;
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final PageTables tables;
  private final boolean out;

  /** Frames to put out, each once. */
  private final List<Long> chosen = new ArrayList<>();

  private PageOut(Vma vma, boolean out) {
    this.vma = vma;
    this.kernel = vma.mm.kernel();
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.tables = vma.mm.tables();
    this.out = out;
  }

  static long cold(Vma vma, long start, long end) {
    return advise(vma, start, end, false);
  }

  static long putOut(Vma vma, long start, long end) {
    return advise(vma, start, end, true);
  }

  private static long advise(Vma vma, long start, long end, boolean out) {
    if (vma.has(VmFlag.LOCKED | VmFlag.HUGETLB)) {
      return Errno.EINVAL.result();
    }
    vma.mm.kernel().folios().batches().drain();
    PageOut call = new PageOut(vma, out);
    call.range(start, end);
    Reclaim reclaim = new Reclaim(vma.mm.kernel());
    call.chosen.forEach(reclaim::putOut);
    return 0;
  }

  private void range(long start, long end) {
    long next;
    for (long address = start; address < end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), end);
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        continue;
      }
      if (Pte.isHuge(tables.read(slot)) && !huge(address, next, slot)) {
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
    if (!out) {
      tables.write(slot, Pte.old(tables.take(slot)));
      vma.mm.token().hugePage(vma.mm, start);
    }
    choose(pfn);
    return false;
  }

  private void table(long start, long end) {
    long slot = tables.find(start, PageTables.PTE);
    long address = start;
    while (address < end) {
      long pages = 1;
      if (Pte.isPresent(tables.read(slot))) {
        pages = wholeFolio(slot, (end - address) >> 12);
        if (pages > 1) {
          folio(address, slot, (int) pages);
        } else {
          page(address, slot);
        }
      }
      slot += pages * Long.BYTES;
      address += pages << 12;
    }
  }

  /**
   * How many pages the larger folio has of which all are mapped one after the other from this entry
   * on, as madvise_folio_pte_batch(); else 1.
   *
   * @param most entries that may be looked at
   */
  private long wholeFolio(long slot, long most) {
    long head = Pte.pfn(tables.read(slot));
    long pages = 1L << frames.order(head);
    if (pages == 1 || pages > most || frames.head(head) != head || folios.isZeroPage(head)) {
      return 1;
    }
    for (int i = 1; i < pages; i++) {
      long entry = tables.read(slot + (long) i * Long.BYTES);
      if (!Pte.isPresent(entry) || Pte.pfn(entry) != head + i) {
        return 1;
      }
    }
    return pages;
  }

  /** A larger folio that small entries map, all of them in the range: it stays whole. */
  private void folio(long start, long slot, int pages) {
    long head = Pte.pfn(tables.read(slot));
    if (folios.mappings(head) != pages) {
      return;
    }
    for (int i = 0; !out && i < pages; i++) {
      makeOld(start + ((long) i << 12), slot + (long) i * Long.BYTES);
    }
    choose(head);
  }

  private void makeOld(long address, long slot) {
    if (Pte.isYoung(tables.read(slot))) {
      tables.write(slot, Pte.old(tables.take(slot)));
      vma.mm.token().page(vma.mm, address);
    }
  }

  private void page(long address, long slot) {
    long pfn = Pte.pfn(tables.read(slot));
    if (folios.isZeroPage(pfn)) {
      return;
    }
    if (folios.isLarge(pfn)
        && (MappingCount.elsewhere(kernel, frames.head(pfn), vma.mm)
            || !SplitFolio.split(kernel, pfn))) {
      return;
    }
    // The zero page may be there since, or a page that others map.
    pfn = Pte.pfn(tables.read(slot));
    if (folios.isZeroPage(pfn) || folios.mapCount(pfn) != 1) {
      return;
    }
    if (!out) {
      makeOld(address, slot);
    }
    choose(pfn);
  }

  private void choose(long pfn) {
    folios.clear(pfn, FrameTable.REFERENCED);
    if (out) {
      chosen.add(pfn);
    } else {
      folios.clear(pfn, FrameTable.ACTIVE);
    }
  }
}
