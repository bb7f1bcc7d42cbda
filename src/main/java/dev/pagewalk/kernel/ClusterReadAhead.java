package dev.pagewalk.kernel;

/**
 * Read-ahead of swap by slot, as swap_cluster_readahead(): an aligned cluster of slots around the
 * one that is read, which grows with the pages of the last ones that were used, of all processes.
 */
final class ClusterReadAhead implements Prefetcher {
  private final int most;
  private final Prefetch prefetch;
  private int hits = SwapWindow.FIRST_HITS;
  private int lastPages;
  private long previous;

  ClusterReadAhead(PrefetchOptions options, Prefetch prefetch) {
    this.most = 1 << options.pageCluster();
    this.prefetch = prefetch;
  }

  @Override
  public void touched(Vma vma, long address, long slot) {
    if (slot == 0 || most == 1) {
      return;
    }
    long offset = Pte.swapOffset(slot);
    int pages = SwapWindow.pages(offset, previous, new SwapWindow(hits, most, lastPages));
    if (hits == 0) {
      previous = offset;
    }
    hits = 0;
    lastPages = pages;
    if (pages == 1) {
      return;
    }
    long mask = pages - 1L;
    SwapSpace swap = prefetch.kernel().swap();
    long last = offset | mask;
    // Slot 0 is the header's.
    for (long at = Math.max(1, offset & ~mask); at <= last; at++) {
      long entry = swap.neighbour(slot, at);
      boolean isUsed = at != offset && entry != SwapSpace.FULL && swap.count(entry) > 0;
      if (isUsed && !prefetch.slot(entry, vma, address)) {
        prefetch.wishMore(last - at);
        return;
      }
    }
  }

  @Override
  public void foundInSwapCache(Vma vma, long address, boolean hit) {
    hits += hit ? 1 : 0;
  }
}
