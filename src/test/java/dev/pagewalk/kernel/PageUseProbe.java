package dev.pagewalk.kernel;

/** Spoils entries, as a kernel would that makes a mistake. */
final class PageUseProbe {
  private final Kernel kernel;

  PageUseProbe(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Makes a page clean that was not written anywhere. */
  void clean(long pfn) {
    kernel
        .reverseMap()
        .walk(
            pfn,
            (vma, address) -> {
              long slot = vma.mm.tables().find(address, PageTables.PTE);
              vma.mm.tables().testAndClean(slot);
              vma.mm.token().page(vma.mm, address);
            });
    kernel.folios().clear(pfn, FrameTable.DIRTY);
  }

  /** Exchanges two swap entries of a process; false if it has none. */
  static boolean exchange(AddressSpace mm) {
    PageTables tables = mm.tables();
    long first = PageTables.NONE;
    for (long page = 4; page < 96; page++) {
      long slot = tables.find(Conservation.locked() + page * 4096, PageTables.PTE);
      if (slot == PageTables.NONE || !Pte.isSwap(tables.read(slot))) {
        continue;
      }
      if (first == PageTables.NONE) {
        first = slot;
        continue;
      }
      long entry = tables.read(first);
      tables.write(first, tables.read(slot));
      tables.write(slot, entry);
      return true;
    }
    return false;
  }
}
