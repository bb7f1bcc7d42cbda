package dev.pagewalk.kernel;

/** {@code mincore}: what is in memory, whether mapped or not. */
final class Mincore {
  private Mincore() {}

  /** Fills {@code vector} page by page; a gap is ENOMEM, and what lies before it is filled. */
  static long mincore(AddressSpace mm, long address, long length, byte[] vector) {
    if ((address & 0xfff) != 0) {
      return Errno.EINVAL.result();
    }
    long end = address + SystemCalls.roundUp(length);
    if (address < 0 || end < address || end > PageTables.USER_END) {
      return Errno.ENOMEM.result();
    }
    int i = 0;
    for (long at = address; at < end; at += PageTables.PAGE_BYTES) {
      Vma vma = mm.vmas().at(at);
      if (vma == null) {
        return Errno.ENOMEM.result();
      }
      vector[i++] = (byte) (isIn(vma, at) ? 1 : 0);
    }
    return 0;
  }

  private static boolean isIn(Vma vma, long address) {
    PageTables tables = vma.mm.tables();
    if (HugePages.around(vma.mm, address) != PageTables.NONE) {
      return true;
    }
    if (vma.isHugetlb()) {
      return false;
    }
    long slot = tables.find(address, PageTables.PTE);
    long entry = slot == PageTables.NONE ? 0 : tables.read(slot);
    if (Pte.isPresent(entry)) {
      return true;
    }
    if (Pte.isSwap(entry)) {
      return vma.mm.kernel().swap().cached(entry) != Folios.NONE;
    }
    return vma.file != null
        && vma.mm.kernel().pageCache().isUpToDate(vma.file, vma.pgoffOf(address));
  }
}
