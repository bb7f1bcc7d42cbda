package dev.pagewalk.kernel;

/** Advice WILLNEED: reads what is in swap or on a device, and maps nothing. */
final class WillNeed {
  private WillNeed() {}

  /** Reads what {@code [start, end)} lacks; without memory it stops, and is 0 all the same. */
  static long read(Vma vma, long start, long end) {
    Kernel kernel = vma.mm.kernel();
    if (vma.file == null) {
      swapped(vma, start, end);
      return 0;
    }
    if (vma.isHugetlb()) {
      return 0;
    }
    long first = vma.pgoffOf(start);
    if (vma.file.fileSystem().hasDevice()) {
      kernel.pageCache().readRange(vma.file, first, (end - start) >> 12);
      return 0;
    }
    for (long entry : vma.file.swapped().subMap(first, vma.pgoffOf(end)).values()) {
      cache(kernel, entry);
    }
    return 0;
  }

  private static void swapped(Vma vma, long start, long end) {
    PageTables tables = vma.mm.tables();
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long slot = tables.find(address, PageTables.PTE);
      if (slot != PageTables.NONE && Pte.isSwap(tables.read(slot))) {
        cache(vma.mm.kernel(), tables.read(slot));
      }
    }
  }

  private static void cache(Kernel kernel, long entry) {
    long pfn = kernel.swap().bringIn(entry);
    if (pfn != Folios.NONE) {
      kernel.folios().put(pfn);
    }
  }
}
