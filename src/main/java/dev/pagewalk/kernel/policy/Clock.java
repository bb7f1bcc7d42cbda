package dev.pagewalk.kernel.policy;

/**
 * Clock: pages stand in a circle, and a hand goes round. A page whose accessed bit is set is spared
 * and the bit cleared; the first whose bit is clear goes, and the page that comes takes its place,
 * behind the hand.
 *
 * <p>F. J. Corbató, "A paging experiment with the Multics system", MIT Project MAC, 1968. Its
 * choices are those of second chance, without moving anything about.
 */
final class Clock implements ReplacementPolicy {
  private static final int CIRCLE = 0;

  private final FrameLists circle;
  private final PageView view;

  /** The page looked at next; {@link #NO_FRAME} if nothing is resident. */
  private int hand = NO_FRAME;

  Clock(int frames, PageView view) {
    circle = new FrameLists(frames, 1);
    this.view = view;
  }

  @Override
  public void admitted(int frame, long page) {
    if (hand == NO_FRAME) {
      circle.addLast(CIRCLE, frame);
      hand = frame;
    } else {
      circle.addBefore(hand, frame);
    }
  }

  @Override
  public void forgotten(int frame) {
    int after = circle.nextAround(frame);
    circle.remove(frame);
    if (frame == hand) {
      hand = after == frame ? NO_FRAME : after;
    }
  }

  @Override
  public int victim(long incoming) {
    if (hand == NO_FRAME) {
      return NO_FRAME;
    }
    for (int looks = circle.size(CIRCLE); looks > 0 && view.testAndClearAccessed(hand); looks--) {
      hand = circle.nextAround(hand);
    }
    int frame = hand;
    forgotten(frame);
    return frame;
  }

  @Override
  public void putBack(int frame) {
    admitted(frame, NO_PAGE);
  }

  @Override
  public int resident() {
    return circle.size(CIRCLE);
  }
}
