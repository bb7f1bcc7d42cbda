package dev.pagewalk.kernel.policy;

/**
 * WSClock: a clock that knows when each page was seen to be used, and spares the working set. The
 * hand clears accessed bits and notes the time. A page that was not used for longer than the window
 * τ is not in the working set: it goes if it is clean; if it is dirty its write-back is scheduled,
 * and the hand goes on. After a round in which writes were scheduled, a second one looks for those
 * that are clean by now. If there is nothing, all pages are in the working set: the one that was
 * used longest ago goes.
 *
 * <p>R. W. Carr, J. L. Hennessy, "WSClock: a simple and effective algorithm for virtual memory
 * management", Symposium on Operating Systems Principles, 1981.
 *
 * <p>MODEL: time is that of all processes together, in accesses; the paper's is each process's own.
 * In the last case, theirs takes a process out of memory, and Tanenbaum's book takes any clean
 * page.
 *
 * <p>MODEL: a round ends after so many pages as a parameter says, if there are more: where all
 * pages are in the working set, each fault would look at all of memory.
 */
final class WsClock implements ReplacementPolicy {
  private final Circle circle;
  private final PageView view;

  /** The window, in accesses. */
  private final long tau;

  /** At most so many write-backs are scheduled for one victim. */
  private final int mostWrites;

  /** At most so many pages are looked at in a round. */
  private final int mostLooks;

  /** When each page was last seen to have been used. */
  private final long[] lastUse;

  private int hand = NO_FRAME;

  WsClock(int frames, PageView view, PolicySpec spec) {
    circle = new Circle(frames);
    lastUse = new long[frames];
    this.view = view;
    tau = spec.value("tau");
    mostWrites = spec.small("writes");
    mostLooks = spec.small("scan");
  }

  @Override
  public void admitted(int frame, long page) {
    lastUse[frame] = view.now();
    circle.addBefore(hand, frame);
    hand = hand == NO_FRAME ? frame : hand;
  }

  @Override
  public void forgotten(int frame) {
    int after = circle.remove(frame);
    hand = hand == frame ? after : hand;
  }

  @Override
  public int victim(long incoming) {
    if (hand == NO_FRAME) {
      return NO_FRAME;
    }
    long now = view.now();
    int round = Math.min(circle.size(), mostLooks);
    int scheduled = 0;
    int oldest = NO_FRAME;
    for (int look = 0; look < 2 * round && (look < round || scheduled > 0); look++) {
      int frame = hand;
      hand = circle.next(frame);
      if (view.testAndClearAccessed(frame)) {
        lastUse[frame] = now;
      }
      if (now - lastUse[frame] > tau) {
        if (!view.isDirty(frame)) {
          return gone(frame);
        }
        if (scheduled < mostWrites && view.writeBack(frame)) {
          scheduled++;
        }
      }
      if (oldest == NO_FRAME || lastUse[frame] < lastUse[oldest]) {
        oldest = frame;
      }
    }
    return gone(oldest);
  }

  @Override
  public void putBack(int frame) {
    admitted(frame, NO_PAGE);
  }

  @Override
  public int resident() {
    return circle.size();
  }

  private int gone(int frame) {
    forgotten(frame);
    return frame;
  }
}
