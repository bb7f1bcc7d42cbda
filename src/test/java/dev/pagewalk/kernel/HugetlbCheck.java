package dev.pagewalk.kernel;

/** What the pools of explicit huge pages have promised, against the mappings that hold promises. */
final class HugetlbCheck {
  private final Kernel kernel;

  HugetlbCheck(Kernel kernel) {
    this.kernel = kernel;
  }

  void run() {
    for (long bytes : new long[] {2L << 20, 1L << 30}) {
      HugetlbPool pool = kernel.hugetlb().ofSize(bytes);
      if (pool != null) {
        pool(pool);
      }
    }
  }

  private void pool(HugetlbPool pool) {
    long promised = 0;
    for (FileObject file : kernel.files().values()) {
      if (file.pool() == pool) {
        promised += file.reserve().size() - file.pages().size();
      }
    }
    for (AddressSpace mm : kernel.addressSpaces()) {
      for (Vma vma : mm.vmas().all()) {
        if (vma.reserve != null && vma.file.pool() == pool) {
          long end = vma.pgoff + vma.pages();
          promised += vma.length() / pool.pageBytes() - vma.reserve.count(vma.pgoff, end);
        }
      }
    }
    long used = 0;
    FrameTable frames = kernel.folios().frames();
    for (FrameRange range : frames.ranges()) {
      for (long pfn = range.start();
          pfn < range.end();
          pfn += 1L << Math.max(0, frames.order(pfn))) {
        boolean its = frames.has(pfn, FrameTable.HUGETLB) && frames.order(pfn) == pool.order();
        used += its && frames.refs(pfn) > 0 ? 1 : 0;
      }
    }
    if (pool.reserved() != promised || pool.free() < pool.reserved()) {
      throw new AssertionError(
          "pages of %d bytes: %d are promised, %d counted, %d free"
              .formatted(pool.pageBytes(), promised, pool.reserved(), pool.free()));
    }
    if (pool.free() + used != pool.total()) {
      throw new AssertionError(
          "pages of %d bytes: %d used and %d free of %d"
              .formatted(pool.pageBytes(), used, pool.free(), pool.total()));
    }
  }
}
