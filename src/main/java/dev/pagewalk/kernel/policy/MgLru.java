package dev.pagewalk.kernel.policy;

/**
 * Linux's multi-generational LRU: pages belong to generations, which are numbered. Aging walks all
 * entries, moves what was accessed to the youngest generation, and opens a new one. Eviction takes
 * pages of the oldest one; those whose accessed bit is set meanwhile become young. Two generations
 * are always left. Whether anonymous or file pages go, how often they come back decides.
 *
 * <p>Linux 6.18, mm/vmscan.c (should_run_aging, try_to_inc_max_seq, get_type_to_scan) and
 * Documentation/mm/multigen_lru.rst; Y. Zhao, "Multigenerational LRU Framework", 2022.
 *
 * <p>MODEL: tiers divide a generation by accesses through file descriptors, of which page tables
 * tell nothing: all pages are of tier 0. MODEL: a walk is of all entries at once; Linux goes by
 * processes, and passes over tables without young entries by a Bloom filter. MODEL: no look around
 * at the neighbours of an accessed page.
 */
final class MgLru implements ReplacementPolicy {
  private static final int TYPES = 2;

  /** MIN_NR_GENS and MAX_NR_GENS. */
  private static final int LEAST = 2;

  private static final int MOST = 4;

  private final FrameLists generations;
  private final GonePages shadows = new GonePages(1);
  private final RefaultRates rates;
  private final PageView view;
  private final long[] pageIn;
  private final int swappiness;

  /** The youngest generation, of both types. */
  private long youngest = LEAST + 1;

  /** The oldest of each type. */
  private final long[] oldest = new long[TYPES];

  /** Frames while a walk moves them. */
  private int[] walked = new int[16];

  MgLru(int frames, PageView view, int swappiness) {
    generations = new FrameLists(frames, TYPES * MOST);
    pageIn = new long[frames];
    this.view = view;
    this.swappiness = swappiness;
    rates = new RefaultRates(swappiness);
  }

  /** A page that a fault brings in is of the youngest generation. */
  @Override
  public void admitted(int frame, long page) {
    int type = typeOf(frame);
    long shadow = shadows.noteOf(page);
    shadows.forget(page);
    if (shadow != GonePages.NONE && youngest - shadow < MOST) {
      rates.refaulted(type);
    }
    pageIn[frame] = page;
    generations.addLast(list(type, youngest), frame);
  }

  @Override
  public void forgotten(int frame) {
    generations.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    if (generations.size() == 0) {
      return NO_FRAME;
    }
    // Everything has been looked at often enough then; cores that set bits do not hold this up.
    for (int looks = 2 * generations.size() + MOST; looks > 0; ) {
      int type = typeToScan();
      dropEmpty(type);
      if (shouldAge(type)) {
        age();
        looks--;
        continue;
      }
      int frame = generations.first(list(type, oldest[type]));
      looks--;
      if (!view.testAndClearAccessed(frame)) {
        return evict(type, frame);
      }
      generations.move(list(type, youngest), frame);
    }
    int list = 0;
    while (generations.size(list) == 0) {
      list++;
    }
    return evict(list / MOST, generations.first(list));
  }

  @Override
  public void putBack(int frame) {
    shadows.forget(pageIn[frame]);
    generations.addLast(list(typeOf(frame), youngest), frame);
  }

  @Override
  public int resident() {
    return generations.size();
  }

  private int evict(int type, int frame) {
    generations.remove(frame);
    shadows.add(0, pageIn[frame], oldest[type]);
    shadows.trim(0, generations.size() + 1);
    rates.evicted(type);
    return frame;
  }

  /**
   * should_run_aging(): only two generations are left, or there are three of uneven size, "ideal"
   * being a third of all pages each.
   */
  private boolean shouldAge(int type) {
    if (oldest[type] + LEAST != youngest) {
      return oldest[type] + LEAST > youngest;
    }
    long all = generations.size();
    long young = sizeOfGeneration(youngest);
    long old = sizeOfGeneration(youngest - LEAST);
    return young * LEAST > all || old * (LEAST + 2) < all;
  }

  private long sizeOfGeneration(long generation) {
    return (long) generations.size(list(RefaultRates.ANON, generation))
        + generations.size(list(RefaultRates.FILE, generation));
  }

  /** The walk: what was accessed becomes young, and then there is one generation more. */
  private void age() {
    for (int type = 0; type < TYPES; type++) {
      if (youngest - oldest[type] == MOST - 1) {
        merge(type);
      }
    }
    walked = generations.all(walked);
    for (int i = 0; walked[i] != NO_FRAME; i++) {
      int frame = walked[i];
      if (view.testAndClearAccessed(frame)) {
        int type = generations.listOf(frame) / MOST;
        generations.move(list(type, youngest), frame);
      }
    }
    youngest++;
    rates.carryOver();
  }

  /** The oldest generation becomes part of the next, whose pages stay behind it. */
  private void merge(int type) {
    int from = list(type, oldest[type]);
    int to = list(type, oldest[type] + 1);
    int frame;
    while ((frame = generations.last(from)) != NO_FRAME) {
      generations.remove(frame);
      generations.addFirst(to, frame);
    }
    oldest[type]++;
  }

  private void dropEmpty(int type) {
    while (oldest[type] + LEAST <= youngest && generations.size(list(type, oldest[type])) == 0) {
      oldest[type]++;
    }
  }

  /** The type that is there; that lags behind; or that comes back less, weighed by swappiness. */
  private int typeToScan() {
    if (sizeOf(RefaultRates.FILE) == 0) {
      return RefaultRates.ANON;
    }
    if (sizeOf(RefaultRates.ANON) == 0 || swappiness == 0) {
      return RefaultRates.FILE;
    }
    dropEmpty(RefaultRates.ANON);
    dropEmpty(RefaultRates.FILE);
    if (oldest[RefaultRates.ANON] < oldest[RefaultRates.FILE]) {
      return RefaultRates.ANON;
    }
    return rates.typeToScan();
  }

  private int sizeOf(int type) {
    int size = 0;
    for (int generation = 0; generation < MOST; generation++) {
      size += generations.size(type * MOST + generation);
    }
    return size;
  }

  private int typeOf(int frame) {
    return view.isAnonymous(frame) ? RefaultRates.ANON : RefaultRates.FILE;
  }

  private static int list(int type, long generation) {
    return type * MOST + (int) (generation & (MOST - 1));
  }
}
