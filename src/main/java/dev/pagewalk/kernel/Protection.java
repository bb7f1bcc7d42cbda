package dev.pagewalk.kernel;

/** Brings the entries of a VMA in line with its rights, as change_protection(). */
final class Protection {
  private final Vma vma;
  private final PageTables tables;
  private final FlushToken token;

  Protection(Vma vma) {
    this.vma = vma;
    this.tables = vma.mm.tables();
    this.token = vma.mm.token();
  }

  /** Changes the entries of {@code [start, end)}; huge ones in part are cut first. */
  void change(long start, long end) {
    if (vma.isHugetlb()) {
      HugetlbPages.protect(vma, start, end);
      return;
    }
    long next;
    for (long address = start; address < end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), end);
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        continue;
      }
      if (Pte.isHuge(tables.read(slot))) {
        if (next - address == PageTables.HUGE_BYTES) {
          huge(address, slot);
          continue;
        }
        HugePages.split(vma, PageTables.hugePageOf(address));
      }
      table(address, next);
    }
  }

  private void huge(long address, long slot) {
    long entry = change(slot);
    tables.write(slot, upgrade(entry));
    token.hugePage(vma.mm, address);
  }

  private void table(long start, long end) {
    long slot = tables.find(start, PageTables.PTE);
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long before = tables.read(slot);
      if (Pte.isPresent(before)) {
        long entry = upgrade(change(slot));
        tables.write(slot, entry);
        if (entry != before) {
          token.page(vma.mm, address);
        }
      }
      slot += Long.BYTES;
    }
  }

  /** Takes the entry away while it is worked out anew, so that no A or D is lost. */
  private long change(long slot) {
    return Pte.modify(tables.take(slot), vma.pageProt());
  }

  /** Gives the write right at once where the first store need not be seen. */
  private long upgrade(long entry) {
    if (!vma.has(VmFlag.WRITE) || Pte.isWritable(entry) || (entry & Pte.PRESENT) == 0) {
      return entry;
    }
    Folios folios = vma.mm.kernel().folios();
    long pfn = Pte.pfn(entry);
    boolean allowed =
        vma.has(VmFlag.SHARED)
            ? vma.wantsWriteNotify() && Pte.isDirty(entry)
            : !folios.isZeroPage(pfn) && folios.isAnon(pfn) && folios.isExclusive(pfn);
    return allowed ? Pte.writable(entry) : entry;
  }
}
