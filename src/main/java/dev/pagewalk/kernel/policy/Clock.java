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
  private final Circle circle;
  private final PageView view;

  /** The page looked at next; {@link #NO_FRAME} if the circle is empty. */
  private int hand = NO_FRAME;

  /** The page that went last, still in the circle: most often its frame takes the next page. */
  private int gone = NO_FRAME;

  Clock(int frames, PageView view) {
    circle = new Circle(frames);
    this.view = view;
  }

  @Override
  public void admitted(int frame, long page) {
    if (frame == gone) {
      gone = NO_FRAME;
      return;
    }
    close();
    circle.addBefore(hand, frame);
    hand = hand == NO_FRAME ? frame : hand;
  }

  @Override
  public void forgotten(int frame) {
    close();
    takeOut(frame);
  }

  @Override
  public int victim(long incoming) {
    close();
    if (hand == NO_FRAME) {
      return NO_FRAME;
    }
    int frame = hand;
    for (int looks = circle.size(); looks > 0 && view.testAndClearAccessed(frame); looks--) {
      frame = circle.next(frame);
    }
    gone = frame;
    hand = circle.next(frame);
    return frame;
  }

  @Override
  public void putBack(int frame) {
    admitted(frame, NO_PAGE);
  }

  @Override
  public int resident() {
    return circle.size() - (gone == NO_FRAME ? 0 : 1);
  }

  private void close() {
    if (gone != NO_FRAME) {
      int frame = gone;
      gone = NO_FRAME;
      takeOut(frame);
    }
  }

  private void takeOut(int frame) {
    int after = circle.remove(frame);
    hand = hand == frame ? after : hand;
  }
}
