package dev.pagewalk.kernel;

/**
 * What a core has put off until a batch is full or somebody drains it, as lru_add_drain() does:
 * pages that advice FREE has offered (lru_lazyfree), and pages whose lock has gone (mlock_fbatch).
 *
 * <p>Both show: smaps counts an offered page as LazyFree only once its batch is drained; and a page
 * that waits to be unlocked has one more reference, so that the next store to it copies it, also if
 * nobody shares it any more.
 *
 * <p>MODEL: there is one of each, not one for each core; pages that are locked do not wait.
 */
final class FolioBatches {
  /** How many a batch holds: PAGEVEC_SIZE. */
  private static final int SIZE = 31;

  private final Folios folios;
  private final FrameTable frames;
  private SwapSpace swap;
  private final long[] offered = new long[SIZE];
  private int offeredSize;
  private final long[] unlocked = new long[SIZE];
  private int unlockedSize;

  FolioBatches(Folios folios) {
    this.folios = folios;
    this.frames = folios.frames();
  }

  /** Sets whose cache may be the last to have a page that is released. */
  void use(SwapSpace space) {
    swap = space;
  }

  /** Offers a folio, as folio_mark_lazyfree(); a full batch is drained. */
  void offer(long head) {
    offered[offeredSize++] = head;
    if (offeredSize == SIZE) {
      markOffered();
    }
  }

  /**
   * A mapping that locked the page has gone, as munlock_folio(); a full batch is drained, and so it
   * is by a page of a larger folio.
   */
  void unlock(long pfn) {
    if (frames.order(frames.head(pfn)) > 0) {
      releaseUnlocked();
      return;
    }
    folios.get(pfn);
    unlocked[unlockedSize++] = pfn;
    if (unlockedSize == SIZE) {
      releaseUnlocked();
    }
  }

  /** Does all that was put off. */
  void drain() {
    markOffered();
    releaseUnlocked();
  }

  /** Marks all that is offered: it may go without a trace, until it is written. */
  private void markOffered() {
    for (int i = 0; i < offeredSize; i++) {
      frames.clear(offered[i], FrameTable.ACTIVE | FrameTable.REFERENCED | FrameTable.SWAPBACKED);
    }
    offeredSize = 0;
  }

  /** Drops the references to unlocked pages; whether there were any. */
  boolean releaseUnlocked() {
    boolean any = unlockedSize > 0;
    while (unlockedSize > 0) {
      long pfn = unlocked[--unlockedSize];
      folios.put(pfn);
      swap.dropIfUnused(pfn);
    }
    return any;
  }

  /** How many references to a page are held. */
  int references(long pfn) {
    int count = 0;
    for (int i = 0; i < unlockedSize; i++) {
      count += unlocked[i] == pfn ? 1 : 0;
    }
    return count;
  }

  /** Takes a folio out that is freed. */
  void forget(long head) {
    for (int i = offeredSize - 1; i >= 0; i--) {
      if (offered[i] == head) {
        offered[i] = offered[--offeredSize];
      }
    }
  }
}
