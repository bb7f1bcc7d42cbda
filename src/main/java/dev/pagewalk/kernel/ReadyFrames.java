package dev.pagewalk.kernel;

/**
 * Single frames of one zone that are kept ready, the last one freed to be the first one allocated:
 * Linux's per-CPU lists, once for all cores. They are free, but not joined with their buddies.
 */
final class ReadyFrames {
  /** How many frames come from the zone, or go back to it, at once. */
  private static final int BATCH = 64;

  private static final int MOST = 4 * BATCH;

  private final FrameTable table;
  private final Zone zone;
  private final long[] frames = new long[MOST];
  private int count;

  ReadyFrames(FrameTable table, Zone zone) {
    this.table = table;
    this.zone = zone;
  }

  /** A frame, to be marked as allocated at once, or -1. */
  long take() {
    if (count == 0) {
      fetch();
    }
    return count == 0 ? -1 : frames[--count];
  }

  /** Takes back a frame whose record is all zero. */
  void give(long pfn) {
    if (count == MOST) {
      giveBack(BATCH);
    }
    put(pfn, count++);
  }

  /** Gives all frames back to the zone. */
  void drain() {
    giveBack(count);
  }

  /** How many frames are ready. */
  int count() {
    return count;
  }

  private void put(long pfn, int place) {
    table.setReady(pfn);
    frames[place] = pfn;
  }

  /** Gets up to a batch of frames so that the first one got is the next one taken. */
  private void fetch() {
    int place = BATCH;
    while (place > 0) {
      int order = zone.orderWithin(place);
      if (order < 0) {
        break;
      }
      long pfn = zone.take(order);
      for (int i = 0; i < 1 << order; i++) {
        put(pfn + i, --place);
      }
    }
    count = BATCH - place;
    System.arraycopy(frames, place, frames, 0, count);
  }

  /** Gives the frames back that have been here longest. */
  private void giveBack(int batch) {
    for (int i = 0; i < batch; i++) {
      table.reset(frames[i], 0);
      zone.give(frames[i], 0);
    }
    count -= batch;
    System.arraycopy(frames, batch, frames, 0, count);
  }
}
