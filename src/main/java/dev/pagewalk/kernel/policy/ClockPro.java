package dev.pagewalk.kernel.policy;

import java.util.Arrays;

/**
 * CLOCK-Pro: hot and cold pages, and cold ones that have gone, in one clock with three hands. A
 * cold page that is used again within its test period becomes hot; HANDcold looks for a cold page
 * to go, HANDhot for a hot one to turn cold, HANDtest ends test periods so that no more pages are
 * remembered than are resident. How many cold pages there should be follows from how test periods
 * end.
 *
 * <p>S. Jiang, F. Chen, X. Zhang, "CLOCK-Pro: an effective improvement of the CLOCK replacement",
 * USENIX Annual Technical Conference, 2005.
 *
 * <p>MODEL: the accessed bit that a processor sets for the access that brought a page in is cleared
 * at the next fault: accesses up to then count as one. The number of frames, the paper's m, is that
 * of resident pages when one must go.
 */
final class ClockPro implements ReplacementPolicy {
  private static final int NONE = ClockRing.NONE;
  private static final int HOT = 0;
  private static final int COLD = 1;
  private static final int COLD_IN_TEST = 2;

  /** Cold, in its test period, not resident. */
  private static final int GONE = 3;

  /** The first target for cold pages is this part of all. */
  private static final int FIRST_COLD = 100;

  private final ClockRing ring = new ClockRing();
  private final LongIntMap gone = new LongIntMap();
  private final FirstAccess first;
  private final PageView view;
  private final int[] nodeOf;
  private final long[] pageIn;

  /** How many resident pages should be cold: the paper's mc; 0 before the first page goes. */
  private int coldTarget;

  /** The paper's m. */
  private int capacity;

  private int hot;
  private int cold;

  /** The head of the list, where pages come in, is behind this hand. */
  private int handHot = NONE;

  private int handCold = NONE;
  private int handTest = NONE;

  ClockPro(int frames, PageView view) {
    this.view = view;
    first = new FirstAccess(view);
    nodeOf = new int[frames];
    pageIn = new long[frames];
    Arrays.fill(nodeOf, NONE);
  }

  @Override
  public void admitted(int frame, long page) {
    first.settle();
    if (nodeOf[frame] != NONE) {
      throw new IllegalStateException("frame " + frame + " is resident already");
    }
    int known = gone.get(page);
    if (known == NONE) {
      addAtHead(frame, page, COLD_IN_TEST);
    } else {
      takeOut(known);
      usedInTest();
      addAtHead(frame, page, HOT);
      coolDown();
    }
    first.of(frame);
  }

  @Override
  public void forgotten(int frame) {
    first.forgotten(frame);
    int node = nodeOf[frame];
    if (node == NONE) {
      throw new IllegalStateException("frame " + frame + " is not resident");
    }
    nodeOf[frame] = NONE;
    takeOut(node);
  }

  @Override
  public int victim(long incoming) {
    first.settle();
    capacity = resident();
    if (capacity == 0) {
      return NO_FRAME;
    }
    coldTarget = coldTarget == 0 ? Math.max(1, capacity / FIRST_COLD) : coldTarget;
    coldTarget = Math.min(coldTarget, capacity);
    coolDown();
    // In two rounds all bits are cleared; cores that go on setting them do not hold this up.
    for (int looks = 2 * capacity; ; looks--) {
      int node = nextCold();
      int frame = ring.frame(node);
      handCold = ring.next(node);
      if (looks == 0 || !view.testAndClearAccessed(frame)) {
        leave(node, frame);
        return frame;
      }
      boolean inTest = ring.state(node) == COLD_IN_TEST;
      unlink(node);
      ring.setState(node, inTest ? HOT : COLD_IN_TEST);
      linkAtHead(node);
      if (inTest) {
        cold--;
        hot++;
        usedInTest();
        coolDown();
      }
    }
  }

  /** It comes back as if it were new. */
  @Override
  public void putBack(int frame) {
    int known = gone.get(pageIn[frame]);
    if (known != NONE) {
      takeOut(known);
    }
    addAtHead(frame, pageIn[frame], COLD_IN_TEST);
  }

  @Override
  public void tick() {
    first.settle();
  }

  @Override
  public int resident() {
    return hot + cold;
  }

  /** A cold page was accessed in its test period. */
  private void usedInTest() {
    coldTarget = Math.min(coldTarget + 1, Math.max(capacity, 1));
  }

  /** A page's test period is over; it leaves the clock if it is not resident. */
  private void endTest(int node) {
    int state = ring.state(node);
    if (state == COLD_IN_TEST) {
      ring.setState(node, COLD);
      coldTarget = Math.max(coldTarget - 1, 1);
    } else if (state == GONE) {
      takeOut(node);
      coldTarget = Math.max(coldTarget - 1, 1);
    }
  }

  private void coolDown() {
    while (hot > Math.max(capacity - coldTarget, 0)) {
      runHandHot();
    }
  }

  /** Turns a hot page cold that was not accessed; then goes on to the next hot page. */
  private void runHandHot() {
    int spare = hot;
    while (true) {
      int node = handHot;
      handHot = ring.next(node);
      if (ring.state(node) != HOT) {
        endTest(node);
      } else if (spare-- == 0 || !view.testAndClearAccessed(ring.frame(node))) {
        ring.setState(node, COLD);
        hot--;
        cold++;
        break;
      }
    }
    while (hot > 0 && ring.state(handHot) != HOT) {
      int node = handHot;
      handHot = ring.next(node);
      endTest(node);
    }
  }

  /** Ends the next test period. */
  private void runHandTest() {
    while (ring.state(handTest) != COLD_IN_TEST && ring.state(handTest) != GONE) {
      handTest = ring.next(handTest);
    }
    int node = handTest;
    handTest = ring.next(node);
    endTest(node);
  }

  private int nextCold() {
    int node = handCold;
    while (ring.state(node) != COLD && ring.state(node) != COLD_IN_TEST) {
      node = ring.next(node);
    }
    return node;
  }

  /** A cold page goes; it is remembered for the rest of its test period. */
  private void leave(int node, int frame) {
    nodeOf[frame] = NONE;
    if (ring.state(node) == COLD) {
      takeOut(node);
      return;
    }
    cold--;
    ring.setGone(node, GONE);
    gone.put(ring.page(node), node);
    while (gone.size() > capacity) {
      runHandTest();
    }
  }

  private void addAtHead(int frame, long page, int state) {
    int node = ring.make(page, frame, state);
    linkAtHead(node);
    nodeOf[frame] = node;
    pageIn[frame] = page;
    hot += state == HOT ? 1 : 0;
    cold += state == HOT ? 0 : 1;
  }

  private void linkAtHead(int node) {
    if (handHot == NONE) {
      handHot = node;
      handCold = node;
      handTest = node;
    } else {
      ring.insertBefore(handHot, node);
    }
  }

  /** Takes a page out of the clock for good. */
  private void takeOut(int node) {
    switch (ring.state(node)) {
      case HOT -> hot--;
      case GONE -> gone.remove(ring.page(node));
      default -> cold--;
    }
    unlink(node);
    ring.release(node);
  }

  /** The hands that point to a node go on. */
  private void unlink(int node) {
    int after = ring.next(node) == node ? NONE : ring.next(node);
    handHot = handHot == node ? after : handHot;
    handCold = handCold == node ? after : handCold;
    handTest = handTest == node ? after : handTest;
    ring.unlink(node);
  }
}
