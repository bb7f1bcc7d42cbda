package dev.pagewalk.kernel;

/** Demand zero: the first touch of anonymous memory. */
final class AnonFault {
  private AnonFault() {}

  /** A read gets the zero page, a write a frame of zeroes, as do_anonymous_page(). */
  static int small(Fault fault) {
    Folios folios = fault.folios();
    if (!fault.write && fault.kernel().options().zeroPage()) {
      fault.set(fault.newEntry(folios.zeroPage()) | Pte.SPECIAL);
      return 0;
    }
    fault.kernel().reverseMap().prepare(fault.vma);
    long pfn = folios.allocateZeroed(0, fault.vma, fault.address);
    if (pfn == Folios.NONE) {
      return Fault.OOM;
    }
    folios.addNewAnon(pfn, fault.vma, fault.address);
    fault.set(fault.maybeWritable(Pte.dirty(fault.newEntry(pfn))));
    return 0;
  }

  /**
   * The same for 2 MiB at once, as do_huge_pmd_anonymous_page().
   *
   * @param directory physical address of the entry of the page directory, which is none
   * @param start of the huge page
   */
  static int huge(Fault fault, long directory, long start) {
    Folios folios = fault.folios();
    Vma vma = fault.vma;
    fault.kernel().reverseMap().prepare(vma);
    boolean own = fault.write || !fault.kernel().options().zeroPage();
    long pfn =
        own ? folios.allocateZeroed(PageTables.HUGE_ORDER, vma, start) : folios.hugeZeroPage();
    if (pfn == Folios.NONE) {
      return Fault.FALLBACK;
    }
    long reserve = fault.tables().allocateReserve();
    if (reserve == Folios.NONE) {
      if (own) {
        folios.put(pfn);
      }
      return Fault.OOM;
    }
    if (own) {
      folios.addNewAnon(pfn, vma, start);
      HugePages.map(vma, directory, pfn, reserve);
    } else {
      fault.tables().deposit(directory, reserve);
      fault.tables().write(directory, Pte.of(pfn, vma.pageProt() | Pte.HUGE | Pte.SPECIAL));
    }
    return 0;
  }
}
