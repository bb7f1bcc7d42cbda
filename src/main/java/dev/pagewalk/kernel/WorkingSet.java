package dev.pagewalk.kernel;

/**
 * The pages that were put out lately: how long ago, told in pages that have gone since. One that
 * comes back before as many have gone as there are in memory belongs to the working set.
 *
 * <p>As workingset.c. It remembers as many pages as there are frames, at most {@value #MOST}.
 *
 * <p>MODEL: the distance is held against all pages of the group, not against its active ones.
 */
final class WorkingSet {
  private static final long MOST = 1 << 18;

  private final VmStat stat;

  /** Where in the ring a page is. */
  private final LongTable places = new LongTable();

  /** The pages remembered, in the order in which they went: a ring. */
  private final long[] pages;

  /** The age of its pool when the page went, and the pool. */
  private final long[] ages;

  private final LruPool[] pools;
  private int next;

  WorkingSet(VmStat stat, long frames) {
    this.stat = stat;
    int size = (int) Math.clamp(frames, 1, MOST);
    pages = new long[size];
    ages = new long[size];
    pools = new LruPool[size];
  }

  /** A page has been put out. */
  void evicted(LruPool pool, long page) {
    if (pages[next] != 0 && places.get(pages[next]) == next) {
      places.remove(pages[next]);
    }
    pages[next] = page;
    ages[next] = pool.age();
    pools[next] = pool;
    places.put(page, next);
    next = (next + 1) % pages.length;
    pool.grow();
  }

  /** A page comes in; whether it is of the working set. */
  boolean refault(LruPool pool, long page, boolean anonymous) {
    int place = (int) places.remove(page);
    if (place == LongTable.NONE) {
      return false;
    }
    stat.count(anonymous ? VmEvent.WORKINGSET_REFAULT_ANON : VmEvent.WORKINGSET_REFAULT_FILE);
    pool.noteCost(anonymous);
    boolean active = pools[place].age() - ages[place] <= pools[place].resident();
    if (active) {
      pool.grow();
      stat.count(anonymous ? VmEvent.WORKINGSET_ACTIVATE_ANON : VmEvent.WORKINGSET_ACTIVATE_FILE);
    }
    return active;
  }
}
