package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;

/**
 * Advice COLLAPSE: makes huge pages of small ones now, as madvise_collapse().
 *
 * <p>MODEL: only anonymous memory is collapsed; Linux does it to shared memory and files too.
 */
final class Collapse {
  private final Vma vma;
  private final Folios folios;
  private final PageTables tables;
  private final FlushToken token;

  private Collapse(Vma vma) {
    this.vma = vma;
    this.folios = vma.mm.kernel().folios();
    this.tables = vma.mm.tables();
    this.token = vma.mm.token();
  }

  /** 0 if all of the range's whole 2 MiB are huge pages now. */
  static long collapse(Vma vma, long start, long end) {
    long first = PageTables.hugePageOf(start + PageTables.HUGE_BYTES - 1);
    long last = PageTables.hugePageOf(end);
    if (!isSuitable(vma) || last < first) {
      return Errno.EINVAL.result();
    }
    Collapse call = new Collapse(vma);
    long result = 0;
    for (long address = first; address < last; address += PageTables.HUGE_BYTES) {
      long one = call.hugePage(address);
      result = one < 0 ? one : result;
    }
    return result;
  }

  /** Whether there can be a huge page in the mapping at all. */
  private static boolean isSuitable(Vma vma) {
    return vma.isAnonymous()
        && vma.anonVma != null
        && !vma.has(VmFlag.NOHUGEPAGE | VmFlag.HUGETLB | VmFlag.SHARED)
        && PageTables.hugePageOf(vma.end - PageTables.HUGE_BYTES) >= vma.start;
  }

  private long hugePage(long start) {
    long slot = tables.find(start, PageTables.PMD);
    if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
      return Errno.EINVAL.result();
    }
    if (Pte.isHuge(tables.read(slot))) {
      return 0;
    }
    long refused = check(start);
    if (refused < 0) {
      return refused;
    }
    long huge = folios.allocateZeroed(PageTables.HUGE_ORDER, vma, start);
    if (huge == Folios.NONE) {
      return Errno.ENOMEM.result();
    }
    vma.mm.kernel().reverseMap().prepare(vma);
    copyPages(start, huge);
    long table = Entry.table(tables.read(slot)) >>> 12;
    tables.write(slot, 0);
    token.tables(vma.mm, start, start + PageTables.HUGE_BYTES);
    folios.addNewAnon(huge, vma, start);
    HugePages.map(vma, slot, huge, table);
    return 0;
  }

  /** Swapped pages come in first; a guard, or nothing at all, is refused. */
  private long check(long start) {
    int present = 0;
    for (int i = 0; i < PageTables.HUGE_PAGES; i++) {
      long address = start + ((long) i << 12);
      long slot = tables.find(address, PageTables.PTE);
      long entry = tables.read(slot);
      if (Pte.isMarker(entry)) {
        return Errno.EINVAL.result();
      }
      if (Pte.isSwap(entry)) {
        int answer = vma.mm.kernel().faults().handle(vma, address, false);
        if ((answer & Fault.ERROR) != 0) {
          return Errno.ENOMEM.result();
        }
        entry = tables.read(slot);
      }
      if (Pte.isPresent(entry) && (entry & Pte.PRESENT) != 0) {
        present++;
      }
    }
    return present == 0 ? Errno.EINVAL.result() : 0;
  }

  private void copyPages(long start, long huge) {
    long slot = tables.find(start, PageTables.PTE);
    for (int i = 0; i < PageTables.HUGE_PAGES; i++) {
      long entry = tables.take(slot);
      slot += Long.BYTES;
      if (Pte.isNone(entry)) {
        continue;
      }
      token.page(vma.mm, start + ((long) i << 12));
      long pfn = Pte.pfn(entry);
      if (!folios.isZeroPage(pfn)) {
        folios
            .memory()
            .copyFrom(folios.memory(), pfn << 12, (huge + i) << 12, PageTables.PAGE_BYTES);
        folios.removeMapping(pfn);
        token.putLater(pfn);
      }
    }
  }
}
