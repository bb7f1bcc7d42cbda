package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes single frames of a large folio, as split_folio().
 *
 * <p>Its entries become small ones. A page of which nothing but zeroes is left is exchanged for the
 * zero page in every process; a page that nobody maps is free.
 */
final class SplitFolio {
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final long head;

  private SplitFolio(Kernel kernel, long head) {
    this.kernel = kernel;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.head = head;
  }

  /** Splits the folio of {@code pfn}; false if someone holds it beside its mappings. */
  static boolean split(Kernel kernel, long pfn) {
    SplitFolio split = new SplitFolio(kernel, kernel.folios().frames().head(pfn));
    return split.run(true);
  }

  /** As {@link #split}, but pages of zeroes stay as they are, as when they are put out. */
  static boolean splitAsIs(Kernel kernel, long pfn) {
    SplitFolio split = new SplitFolio(kernel, kernel.folios().frames().head(pfn));
    return split.run(false);
  }

  private boolean run(boolean zeroes) {
    if (frames.refs(head) != folios.mappings(head)) {
      return false;
    }
    List<Vma> vmas = kernel.reverseMap().vmasOf(head);
    splitEntries(vmas);
    long pages = 1L << frames.order(head);
    int references = frames.refs(head);
    frames.splitFolio(head);
    frames.addRef(head, -references);
    if (folios.pressure() != null) {
      folios.pressure().lists().split(head, Long.numberOfTrailingZeros(pages));
    }
    for (long pfn = head; pfn < head + pages; pfn++) {
      frames.addRef(pfn, frames.mapCount(pfn) + 1);
    }
    for (long pfn = head; pfn < head + pages; pfn++) {
      if (zeroes
          && frames.mapCount(pfn) > 0
          && folios.memory().isZero(pfn << 12, PageTables.PAGE_BYTES)) {
        useZeroPage(pfn, vmas);
      }
      folios.put(pfn);
    }
    return true;
  }

  private void splitEntries(List<Vma> vmas) {
    List<Vma> huge = new ArrayList<>();
    long index = frames.index(head);
    for (Vma vma : vmas) {
      long address = vma.addressOf(index);
      long slot = vma.contains(address) ? HugePages.find(vma.mm, address) : PageTables.NONE;
      if (slot != PageTables.NONE && Pte.pfn(vma.mm.tables().read(slot)) == head) {
        huge.add(vma);
      }
    }
    for (Vma vma : huge) {
      HugePages.split(vma, vma.addressOf(index));
    }
  }

  /** Replaces each entry of a page of zeroes by one of the zero page. */
  private void useZeroPage(long pfn, List<Vma> vmas) {
    long index = frames.index(pfn);
    for (Vma vma : vmas) {
      long address = vma.addressOf(index);
      PageTables tables = vma.mm.tables();
      if (!vma.contains(address)
          || vma.has(VmFlag.LOCKED)
          || !MappingCount.maps(tables, address, pfn)) {
        continue;
      }
      long slot = tables.find(address, PageTables.PTE);
      tables.take(slot);
      tables.write(slot, Pte.of(folios.zeroPage(), vma.pageProt() | Pte.SPECIAL));
      vma.mm.token().page(vma.mm, address);
      folios.removeMapping(pfn);
      vma.mm.token().putLater(pfn);
    }
  }
}
