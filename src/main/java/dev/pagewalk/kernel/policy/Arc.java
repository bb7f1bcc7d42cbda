package dev.pagewalk.kernel.policy;

/**
 * Adaptive replacement, as far as a kernel can: CAR, clock with adaptive replacement. Two clocks:
 * T1 of pages that were used once lately, T2 of those used again; and the names of pages that have
 * gone from them, B1 and B2. A name that comes back says which of the two should have been larger.
 *
 * <p>N. Megiddo, D. S. Modha, "ARC: a self-tuning, low overhead replacement cache", USENIX
 * Conference on File and Storage Technologies, 2003, is told of each access, and no kernel is. S.
 * Bansal, D. S. Modha, "CAR: clock with adaptive replacement", in the same, 2004, puts accessed
 * bits in the place of its two LRU lists: this is that one.
 *
 * <p>MODEL: a processor sets the accessed bit for the access that brought a page in, too. It is
 * cleared at the next fault: accesses up to then count as one. The number of frames, the paper's c,
 * is that of resident pages when one must go.
 */
final class Arc implements ReplacementPolicy {
  private static final int T1 = 0;
  private static final int T2 = 1;
  private static final int B1 = 0;
  private static final int B2 = 1;

  private final FrameLists clocks;
  private final GonePages gone = new GonePages(2);
  private final FirstAccess first;
  private final PageView view;
  private final long[] pageIn;

  /** How many pages T1 should have: the paper's p. */
  private double target;

  /** The paper's c. */
  private int capacity;

  Arc(int frames, PageView view) {
    clocks = new FrameLists(frames, 2);
    pageIn = new long[frames];
    this.view = view;
    first = new FirstAccess(view);
  }

  @Override
  public void admitted(int frame, long page) {
    first.settle();
    int history = gone.listOf(page);
    double b1 = gone.size(B1);
    double b2 = gone.size(B2);
    if (history == B1) {
      target = Math.min(target + Math.max(1, b2 / b1), Math.max(capacity, resident()));
    } else if (history == B2) {
      target = Math.max(target - Math.max(1, b1 / b2), 0);
    }
    gone.forget(page);
    pageIn[frame] = page;
    clocks.addLast(history == GonePages.NONE ? T1 : T2, frame);
    first.of(frame);
  }

  @Override
  public void forgotten(int frame) {
    first.forgotten(frame);
    clocks.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    first.settle();
    capacity = resident();
    if (capacity == 0) {
      return NO_FRAME;
    }
    int frame = replace();
    if (gone.listOf(incoming) == GonePages.NONE) {
      if (clocks.size(T1) + gone.size(B1) >= capacity) {
        gone.trim(B1, capacity - 1 - clocks.size(T1));
      } else {
        // The page that has just gone is counted once, among the names.
        gone.trim(B2, 2 * capacity - 1 - clocks.size() - gone.size(B1));
      }
    }
    return frame;
  }

  @Override
  public void putBack(int frame) {
    gone.forget(pageIn[frame]);
    clocks.addLast(T2, frame);
  }

  @Override
  public void tick() {
    first.settle();
  }

  @Override
  public int resident() {
    return clocks.size();
  }

  /** The paper's replace(): a page goes from one of the clocks to its names. */
  private int replace() {
    int mostLooks = 2 * capacity;
    for (int look = 0; ; look++) {
      boolean fromFirst =
          clocks.size(T2) == 0 || (clocks.size(T1) > 0 && clocks.size(T1) >= Math.max(1, target));
      int clock = fromFirst ? T1 : T2;
      int frame = clocks.pollFirst(clock);
      if (look == mostLooks || !view.testAndClearAccessed(frame)) {
        gone.add(fromFirst ? B1 : B2, pageIn[frame], 0);
        return frame;
      }
      clocks.addLast(T2, frame);
    }
  }
}
