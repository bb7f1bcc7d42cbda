package dev.pagewalk.kernel.policy;

/**
 * Second chance: first in, first out, but a page whose accessed bit is set is passed over once: the
 * bit is cleared, and the page goes to the end of the queue as if it had just come.
 *
 * <p>A. S. Tanenbaum, "Modern Operating Systems", "The Second-Chance Page Replacement Algorithm".
 * If all pages were accessed, it is FIFO.
 */
final class SecondChance implements ReplacementPolicy {
  private static final int QUEUE = 0;

  private final FrameLists queue;
  private final PageView view;

  SecondChance(int frames, PageView view) {
    queue = new FrameLists(frames, 1);
    this.view = view;
  }

  @Override
  public void admitted(int frame, long page) {
    queue.addLast(QUEUE, frame);
  }

  @Override
  public void forgotten(int frame) {
    queue.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    // In one round all bits are cleared; cores that go on setting them do not hold this up.
    for (int looks = queue.size(QUEUE); looks > 0; looks--) {
      int frame = queue.first(QUEUE);
      if (!view.testAndClearAccessed(frame)) {
        break;
      }
      queue.moveToLast(frame);
    }
    return queue.pollFirst(QUEUE);
  }

  @Override
  public void putBack(int frame) {
    queue.addLast(QUEUE, frame);
  }

  @Override
  public int resident() {
    return queue.size(QUEUE);
  }
}
