package dev.pagewalk.kernel.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The policies of the first chapters, stated as naively as they are defined. */
final class TextbookPolicies {
  private TextbookPolicies() {}

  /** First in, first out. */
  static final class NaiveFifo extends NaivePolicy {
    NaiveFifo(int frames) {
      super(frames);
    }

    @Override
    int evict(int incoming) {
      return resident.removeFirst();
    }

    @Override
    void admit(int page) {
      resident.add(page);
    }
  }

  /** Least recently used: by the time of each page's last access. */
  static final class NaiveLru extends NaivePolicy {
    private final Map<Integer, Integer> lastAccess = new TreeMap<>();

    NaiveLru(int frames) {
      super(frames);
    }

    @Override
    int evict(int incoming) {
      Integer oldest = resident.get(0);
      for (Integer page : resident) {
        if (lastAccess.get(page) < lastAccess.get(oldest)) {
          oldest = page;
        }
      }
      drop(resident, oldest);
      return oldest;
    }

    @Override
    void admit(int page) {
      resident.add(page);
      lastAccess.put(page, position);
    }

    @Override
    void hit(int page) {
      lastAccess.put(page, position);
    }
  }

  /** Optimal: looks through the rest of the trace for each page. */
  static final class NaiveOpt extends NaivePolicy {
    private final List<Integer> trace = new ArrayList<>();

    NaiveOpt(int frames, int[] accesses) {
      super(frames);
      for (int access : accesses) {
        trace.add(access < 0 ? -1 - access : access);
      }
    }

    @Override
    int evict(int incoming) {
      List<Integer> rest = trace.subList(position, trace.size());
      Integer farthest = null;
      for (Integer page : resident) {
        if (!rest.contains(page)) {
          drop(resident, page);
          return page;
        }
        if (farthest == null || rest.indexOf(page) > rest.indexOf(farthest)) {
          farthest = page;
        }
      }
      drop(resident, farthest);
      return farthest;
    }

    @Override
    void admit(int page) {
      resident.add(page);
    }
  }

  /** Clock: an array of frames and a hand, as textbooks draw it. */
  static final class NaiveClock extends NaivePolicy {
    private int hand;

    NaiveClock(int frames) {
      super(frames);
    }

    @Override
    int evict(int incoming) {
      while (clear(resident.get(hand))) {
        hand = (hand + 1) % frames;
      }
      return resident.get(hand);
    }

    @Override
    void admit(int page) {
      if (resident.size() < frames) {
        resident.add(page);
      } else {
        resident.set(hand, page);
        hand = (hand + 1) % frames;
      }
    }
  }

  /** Second chance: a queue. */
  static final class NaiveSecondChance extends NaivePolicy {
    NaiveSecondChance(int frames) {
      super(frames);
    }

    @Override
    int evict(int incoming) {
      while (clear(resident.get(0))) {
        resident.add(resident.removeFirst());
      }
      return resident.removeFirst();
    }

    @Override
    void admit(int page) {
      resident.add(page);
    }
  }

  /** Random, with the choices given: frame numbers. */
  static final class NaiveRandom extends NaivePolicy {
    private final int[] choices;
    private int made;
    private int place;

    NaiveRandom(int frames, int... choices) {
      super(frames);
      this.choices = choices;
    }

    @Override
    int evict(int incoming) {
      place = choices[made] % frames;
      made = (made + 1) % choices.length;
      return resident.get(place);
    }

    @Override
    void admit(int page) {
      if (resident.size() < frames) {
        resident.add(page);
      } else {
        resident.set(place, page);
      }
    }
  }
}
