package dev.pagewalk.kernel;

/** Guard pages: markers in place of entries, a touch of which is SIGSEGV. */
final class Guards {
  private Guards() {}

  /** Takes what is there and marks the range. */
  static long install(Vma vma, long start, long end) {
    if (vma.has(VmFlag.HUGETLB | VmFlag.LOCKED)) {
      return Errno.EINVAL.result();
    }
    if (vma.isAnonymous()) {
      vma.mm.kernel().reverseMap().prepare(vma);
    }
    vma.setFlags(vma.flags() | VmFlag.MAYBE_GUARD);
    Zap.range(vma, start, end, Zap.Mode.UNMAP);
    PageTables tables = vma.mm.tables();
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long slot = tables.make(address, PageTables.PTE);
      if (slot == PageTables.NONE) {
        return Errno.ENOMEM.result();
      }
      tables.write(slot, Pte.GUARD);
    }
    return 0;
  }

  /** Takes the marks away; all else stays. */
  static long remove(Vma vma, long start, long end) {
    if (vma.has(VmFlag.HUGETLB)) {
      return Errno.EINVAL.result();
    }
    PageTables tables = vma.mm.tables();
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long slot = tables.find(address, PageTables.PTE);
      if (slot != PageTables.NONE && Pte.isGuard(tables.read(slot))) {
        tables.write(slot, 0);
      }
    }
    return 0;
  }
}
