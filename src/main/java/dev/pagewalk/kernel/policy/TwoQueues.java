package dev.pagewalk.kernel.policy;

/**
 * 2Q: a page that comes for the first time waits in a queue, A1in, whether it is used or not, and
 * goes in its turn; its name is kept for a while, in A1out. Only a page that comes back while its
 * name is known gets among the main pages, Am. So what is used once, as by a scan, does not drive
 * out what is used again.
 *
 * <p>T. Johnson, D. Shasha, "2Q: a low overhead high performance buffer management replacement
 * algorithm", Conference on Very Large Data Bases, 1994, "the full version".
 *
 * <p>MODEL: Am is a second-chance queue of accessed bits; in the paper it is exact LRU, which needs
 * to be told of each access. A1in and A1out are exact. Their sizes are shares of what is resident
 * when a page must go.
 */
final class TwoQueues implements ReplacementPolicy {
  private static final int A1IN = 0;
  private static final int AM = 1;
  private static final int A1OUT = 0;
  private static final int PERCENT = 100;

  private final FrameLists queues;
  private final GonePages gone = new GonePages(1);
  private final PageView view;
  private final long[] pageIn;
  private final int kin;
  private final int kout;

  /** A page that was in A1out when room was made for it. */
  private long returning = NO_PAGE;

  /**
   * Empty queues.
   *
   * @param kin the share of A1in, in percent
   * @param kout as many names as this share of the frames are in A1out, in percent
   */
  TwoQueues(int frames, PageView view, int kin, int kout) {
    queues = new FrameLists(frames, 2);
    pageIn = new long[frames];
    this.view = view;
    this.kin = kin;
    this.kout = kout;
  }

  @Override
  public void admitted(int frame, long page) {
    boolean isKnown = page != NO_PAGE && (page == returning || gone.listOf(page) == A1OUT);
    pageIn[frame] = page;
    queues.addLast(isKnown ? AM : A1IN, frame);
    gone.forget(page);
    returning = NO_PAGE;
  }

  @Override
  public void forgotten(int frame) {
    queues.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    int resident = resident();
    if (gone.listOf(incoming) == A1OUT) {
      returning = incoming;
    }
    int inMost = share(kin, resident);
    if (queues.size(A1IN) > inMost || queues.size(AM) == 0) {
      int frame = queues.pollFirst(A1IN);
      if (frame != NO_FRAME) {
        gone.add(A1OUT, pageIn[frame], 0);
        gone.trim(A1OUT, share(kout, resident));
      }
      return frame;
    }
    for (int looks = queues.size(AM); looks > 0; looks--) {
      int frame = queues.first(AM);
      if (!view.testAndClearAccessed(frame)) {
        break;
      }
      queues.moveToLast(frame);
    }
    return queues.pollFirst(AM);
  }

  /** It is among the main pages now, which are looked at last. */
  @Override
  public void putBack(int frame) {
    gone.forget(pageIn[frame]);
    queues.addLast(AM, frame);
  }

  @Override
  public int resident() {
    return queues.size();
  }

  private static int share(int percent, int resident) {
    return Math.max(1, (int) ((long) resident * percent / PERCENT));
  }
}
