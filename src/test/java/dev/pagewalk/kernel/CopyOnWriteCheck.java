package dev.pagewalk.kernel;

/** No entry may be written whose anonymous frame somebody else has too. */
final class CopyOnWriteCheck {
  private final Kernel kernel;
  private final Census census;
  private final Folios folios;

  CopyOnWriteCheck(Kernel kernel, Census census) {
    this.kernel = kernel;
    this.census = census;
    this.folios = kernel.folios();
  }

  void run() {
    for (AddressSpace mm : kernel.addressSpaces()) {
      for (Vma vma : mm.vmas().all()) {
        if (!vma.isHugetlb()) {
          vma(vma);
        }
      }
    }
  }

  private void vma(Vma vma) {
    PageTables tables = vma.mm.tables();
    for (long address = vma.start; address < vma.end; ) {
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        address = PageTables.nextAt(address, PageTables.PMD);
      } else if (Pte.isHuge(tables.read(slot))) {
        entry(vma, tables.read(slot), address);
        address = PageTables.nextAt(address, PageTables.PMD);
      } else {
        entry(vma, tables.read(tables.find(address, PageTables.PTE)), address);
        address += PageTables.PAGE_BYTES;
      }
    }
  }

  private void entry(Vma vma, long entry, long address) {
    if (Pte.isSwap(entry)) {
      if (Pte.isSwapExclusive(entry) && kernel.swap().count(entry) > 1) {
        throw bad(vma, address, "an exclusive swap entry of a shared slot");
      }
      return;
    }
    if (!Pte.isPresent(entry) || !Pte.isWritable(entry)) {
      return;
    }
    long pfn = Pte.pfn(entry);
    if (!folios.isAnon(pfn)) {
      return;
    }
    int entries = census.small[(int) pfn] + census.huge[(int) folios.frames().head(pfn)];
    if (!folios.isExclusive(pfn) || entries > 1) {
      throw bad(
          vma,
          address,
          "frame 0x%x is writable, exclusive: %b, entries: %d"
              .formatted(pfn, folios.isExclusive(pfn), entries));
    }
  }

  private static AssertionError bad(Vma vma, long address, String what) {
    return new AssertionError("process %d at 0x%x: %s".formatted(vma.mm.id(), address, what));
  }
}
