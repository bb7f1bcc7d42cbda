package dev.pagewalk.kernel.policy;

/**
 * First in, first out: the page that was brought in longest ago goes, used or not.
 *
 * <p>L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 5(2), 1966. That more frames can mean more faults: L. A. Belady, R. A. Nelson, G. S.
 * Shedler, "An anomaly in space-time characteristics of certain programs running in a paging
 * machine", Communications of the ACM 12(6), 1969.
 */
final class Fifo implements ReplacementPolicy {
  private static final int QUEUE = 0;

  private final FrameLists queue;

  Fifo(int frames) {
    queue = new FrameLists(frames, 1);
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
