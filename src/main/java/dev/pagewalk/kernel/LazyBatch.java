package dev.pagewalk.kernel;

/**
 * Pages that advice FREE has offered and that are not marked so yet, as in a core's lru_lazyfree
 * batch: smaps shows them as LazyFree once the batch is drained.
 *
 * <p>MODEL: there is one batch, not one for each core.
 */
final class LazyBatch {
  /** How many a batch holds: PAGEVEC_SIZE. */
  private static final int SIZE = 31;

  private final FrameTable frames;
  private final long[] heads = new long[SIZE];
  private int size;

  LazyBatch(FrameTable frames) {
    this.frames = frames;
  }

  /** Offers a folio; a full batch is drained. */
  void add(long head) {
    heads[size++] = head;
    if (size == SIZE) {
      drain();
    }
  }

  /** Marks all: they may go without a trace, until they are written. */
  void drain() {
    for (int i = 0; i < size; i++) {
      frames.clear(heads[i], FrameTable.ACTIVE | FrameTable.REFERENCED | FrameTable.SWAPBACKED);
    }
    size = 0;
  }

  /** Takes a folio out that is freed. */
  void forget(long head) {
    for (int i = size - 1; i >= 0; i--) {
      if (heads[i] == head) {
        heads[i] = heads[--size];
      }
    }
  }
}
