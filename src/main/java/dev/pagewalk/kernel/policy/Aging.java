package dev.pagewalk.kernel.policy;

/**
 * Not frequently used, with aging: each page has a counter. A tick shifts it right and puts the
 * accessed bit, which it clears, in front; a page with the lowest counter goes.
 *
 * <p>A. S. Tanenbaum, "Modern Operating Systems", "Simulating LRU in Software".
 *
 * <p>MODEL: a page comes with the counter of one that was accessed in the last interval and not
 * before; the book does not say. Of pages with the same counter, the one goes that had it first.
 */
final class Aging implements ReplacementPolicy {
  private final FrameLists counters;
  private final PageView view;

  /** The bit in front. */
  private final int front;

  /** No counter below this has a page. */
  private int lowest;

  /** Frames while a tick sorts them. */
  private int[] scanned = new int[16];

  /**
   * All counters are 0.
   *
   * @param bits of a counter, from 1 to 12
   */
  Aging(int frames, PageView view, int bits) {
    counters = new FrameLists(frames, 1 << bits);
    this.view = view;
    front = 1 << (bits - 1);
  }

  @Override
  public void admitted(int frame, long page) {
    add(front, frame);
  }

  @Override
  public void forgotten(int frame) {
    counters.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    for (; lowest < 2 * front; lowest++) {
      int frame = counters.pollFirst(lowest);
      if (frame != NO_FRAME) {
        return frame;
      }
    }
    return NO_FRAME;
  }

  @Override
  public void putBack(int frame) {
    add(2 * front - 1, frame);
  }

  @Override
  public void tick() {
    scanned = counters.all(scanned);
    lowest = 2 * front;
    for (int i = 0; scanned[i] != NO_FRAME; i++) {
      int frame = scanned[i];
      int accessed = view.testAndClearAccessed(frame) ? front : 0;
      int counter = (counters.listOf(frame) >> 1) | accessed;
      counters.move(counter, frame);
      lowest = Math.min(lowest, counter);
    }
  }

  @Override
  public int resident() {
    return counters.size();
  }

  private void add(int counter, int frame) {
    counters.addLast(counter, frame);
    lowest = Math.min(lowest, counter);
  }
}
