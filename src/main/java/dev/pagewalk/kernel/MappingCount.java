package dev.pagewalk.kernel;

import java.util.List;

/** Counts the entries of one process that map pages of a folio, by the reverse map. */
final class MappingCount {
  private MappingCount() {}

  /**
   * How many entries of {@code mm} map anything of the folio.
   *
   * @param head of the folio
   * @param vmas in which it may be mapped
   */
  static int in(AddressSpace mm, long head, List<Vma> vmas) {
    FrameTable frames = mm.kernel().folios().frames();
    long pages = 1L << frames.order(head);
    int count = 0;
    for (Vma vma : vmas) {
      if (vma.mm == mm) {
        count += in(vma, head, pages);
      }
    }
    return count;
  }

  /** Whether anybody but {@code mm} maps a page of the folio. */
  static boolean elsewhere(Kernel kernel, long head, AddressSpace mm) {
    return in(mm, head, kernel.reverseMap().vmasOf(head)) != kernel.folios().mappings(head);
  }

  private static int in(Vma vma, long head, long pages) {
    PageTables tables = vma.mm.tables();
    long first = vma.addressOf(vma.mm.kernel().folios().frames().index(head));
    int count = 0;
    long address = Math.max(first, vma.start);
    long end = Math.min(first + (pages << 12), vma.end);
    while (address < end) {
      long huge = HugePages.find(vma.mm, PageTables.hugePageOf(address));
      if (huge != PageTables.NONE) {
        count += Pte.pfn(tables.read(huge)) == head ? 1 : 0;
        address = PageTables.nextAt(address, PageTables.PMD);
        continue;
      }
      count += maps(tables, address, head + ((address - first) >> 12)) ? 1 : 0;
      address += PageTables.PAGE_BYTES;
    }
    return count;
  }

  /** Whether the small entry for {@code address} maps {@code pfn}. */
  static boolean maps(PageTables tables, long address, long pfn) {
    long slot = tables.find(address, PageTables.PTE);
    if (slot == PageTables.NONE) {
      return false;
    }
    long entry = tables.read(slot);
    return Pte.isPresent(entry) && Pte.pfn(entry) == pfn;
  }
}
