package dev.pagewalk.kernel;

/**
 * Read-ahead of swap by address, as swap_vma_readahead(): a window around the page that is read,
 * which grows with the pages of the last one that were used.
 */
final class VmaReadAhead implements Prefetcher {
  private final int most;
  private final Prefetch prefetch;

  VmaReadAhead(PrefetchOptions options, Prefetch prefetch) {
    this.most = 1 << options.pageCluster();
    this.prefetch = prefetch;
  }

  @Override
  public void touched(Vma vma, long address, long slot) {
    if (slot == 0 || most == 1) {
      return;
    }
    long previous = vma.readAheadAddress;
    int pages = window(vma, address);
    if (pages == 1) {
      return;
    }
    long left = address - (((pages - 1L) / 2) << 12);
    if (address == previous + PageTables.PAGE_BYTES) {
      left = address;
    } else if (previous == address + PageTables.PAGE_BYTES) {
      left = address - ((long) pages << 12) + PageTables.PAGE_BYTES;
    }
    long table = PageTables.hugePageOf(address);
    long end = left + ((long) pages << 12);
    long to = Math.min(end, Math.min(vma.end, table + PageTables.HUGE_BYTES));
    long from = Math.max(left, Math.max(vma.start, table));
    for (long at = from; at < to; at += PageTables.PAGE_BYTES) {
      PageTables tables = vma.mm.tables();
      long entry = tables.read(tables.find(at, PageTables.PTE));
      if (Pte.isSwap(entry) && !prefetch.slot(entry, vma, at)) {
        prefetch.wishMore(((to - at) >> 12) - 1);
        return;
      }
    }
  }

  /** As swap_vma_ra_win(): how many pages; the hits begin anew. */
  private int window(Vma vma, long address) {
    var last = new SwapWindow(vma.readAheadHits, most, vma.readAheadPages);
    int pages = SwapWindow.pages(address >>> 12, vma.readAheadAddress >>> 12, last);
    vma.readAheadAddress = address;
    vma.readAheadHits = 0;
    vma.readAheadPages = pages;
    return pages;
  }

  /** As swap_update_readahead(). */
  @Override
  public void foundInSwapCache(Vma vma, long address, boolean hit) {
    vma.readAheadAddress = address;
    if (hit) {
      vma.readAheadHits = Math.min(vma.readAheadHits + 1, SwapWindow.MOST_HITS);
    }
  }
}
