package dev.pagewalk.kernel.policy;

import java.util.ArrayList;
import java.util.List;

/** The policies that remember pages, stated naively from their papers. */
final class AdaptivePolicies {
  private AdaptivePolicies() {}

  /**
   * CAR, from figure 2 of its paper. The bit of the page that came last is cleared at the next
   * fault, since the access that brought it in has set it.
   */
  static final class NaiveCar extends NaivePolicy {
    private final List<Integer> t1 = new ArrayList<>();
    private final List<Integer> t2 = new ArrayList<>();
    private final List<Integer> b1 = new ArrayList<>();
    private final List<Integer> b2 = new ArrayList<>();
    private double p;
    private int newest = -1;

    NaiveCar(int frames) {
      super(frames);
    }

    @Override
    void missed(int page) {
      clear(newest);
    }

    @Override
    int evict(int x) {
      int gone = replace();
      boolean isHistory = b1.contains(x) || b2.contains(x);
      if (!isHistory && t1.size() + b1.size() == frames) {
        b1.removeFirst();
      } else if (!isHistory && t1.size() + t2.size() + b1.size() + b2.size() == 2 * frames) {
        b2.removeFirst();
      }
      drop(resident, gone);
      return gone;
    }

    @Override
    void admit(int x) {
      if (b1.contains(x)) {
        p = Math.min(p + Math.max(1, (double) b2.size() / b1.size()), frames);
        drop(b1, x);
        t2.add(x);
      } else if (b2.contains(x)) {
        p = Math.max(p - Math.max(1, (double) b1.size() / b2.size()), 0);
        drop(b2, x);
        t2.add(x);
      } else {
        t1.add(x);
      }
      resident.add(x);
      newest = x;
    }

    private int replace() {
      while (true) {
        if (t1.size() >= Math.max(1, p)) {
          int head = t1.removeFirst();
          if (!clear(head)) {
            b1.add(head);
            return head;
          }
          t2.add(head);
        } else {
          int head = t2.removeFirst();
          if (!clear(head)) {
            b2.add(head);
            return head;
          }
          t2.add(head);
        }
      }
    }
  }

  /** 2Q, from figure 2 of its paper, with a second-chance queue for Am. */
  static final class NaiveTwoQ extends NaivePolicy {
    private final List<Integer> a1in = new ArrayList<>();
    private final List<Integer> a1out = new ArrayList<>();
    private final List<Integer> am = new ArrayList<>();
    private final int kin;
    private final int kout;
    private boolean known;

    NaiveTwoQ(int frames, int kin, int kout) {
      super(frames);
      this.kin = kin;
      this.kout = kout;
    }

    @Override
    void missed(int page) {
      known = a1out.contains(page);
    }

    @Override
    int evict(int incoming) {
      int gone;
      if (a1in.size() > kin || am.isEmpty()) {
        gone = a1in.removeFirst();
        a1out.add(gone);
        if (a1out.size() > kout) {
          a1out.removeFirst();
        }
      } else {
        while (clear(am.getFirst())) {
          am.add(am.removeFirst());
        }
        gone = am.removeFirst();
      }
      drop(resident, gone);
      return gone;
    }

    @Override
    void admit(int page) {
      drop(a1out, page);
      (known ? am : a1in).add(page);
      resident.add(page);
    }
  }

  /** WSClock, with writes that end at once. */
  static final class NaiveWsClock extends NaivePolicy {
    private final int[] lastUse = new int[1000];
    private final int tau;
    private int hand;

    NaiveWsClock(int frames, int tau) {
      super(frames);
      this.tau = tau;
    }

    @Override
    int evict(int incoming) {
      int start = hand;
      int candidate = -1;
      boolean wrote = false;
      for (int round = 1; round <= 2; round++) {
        if (round == 2 && !wrote) {
          break;
        }
        do {
          int page = resident.get(hand);
          if (clear(page)) {
            lastUse[page] = position;
          }
          boolean old = position - lastUse[page] > tau;
          if (old && !dirty.contains(page)) {
            return page;
          }
          if (old) {
            clean(page);
            wrote = true;
          }
          if (candidate < 0 || lastUse[page] < lastUse[resident.get(candidate)]) {
            candidate = hand;
          }
          hand = (hand + 1) % frames;
        } while (hand != start);
      }
      // The others keep their order and the hand its page; the place behind it is free.
      int atHand = resident.get(candidate == hand ? (hand + 1) % frames : hand);
      int page = resident.get(candidate);
      drop(resident, page);
      hand = frames == 1 ? 0 : resident.indexOf(atHand);
      resident.add(hand, page);
      return page;
    }

    @Override
    void admit(int page) {
      lastUse[page] = position;
      if (resident.size() < frames) {
        resident.add(page);
      } else {
        resident.set(hand, page);
        hand = (hand + 1) % frames;
      }
    }
  }
}
