package dev.pagewalk.kernel;

import dev.pagewalk.kernel.policy.ReplacementPolicy;
import java.util.Arrays;

/**
 * Takes pages from those who have them, as the policies choose (vmscan.c): in the background up to
 * the high watermark, and directly for somebody who waits.
 */
final class Shrinker {
  /** Pages that are taken at once when memory as a whole is short: SWAP_CLUSTER_MAX. */
  static final long CLUSTER = 32;

  /** Pages that a process keeps while others have any: an access that crosses needs as many. */
  private static final int LEAST = 2;

  /** Runs without success after which the background waits for somebody to give memory back. */
  private static final int HOPELESS = 16;

  private final Kernel kernel;
  private final Pressure pressure;
  private final FrameTable frames;
  private final VmStat stat;
  private final Reclaim reclaim;

  /** Locked pages that were met and set aside; some of them may have gone since. */
  private long[] aside = new long[16];

  private int asideSize;

  /** Whether a lock has gone since they were looked at. */
  private boolean unlocked;

  /** Runs of the background, one after the other, in which nothing could be taken. */
  private int failures;

  /** Whether nobody waits for what is being done. */
  private boolean inBackground;

  Shrinker(Kernel kernel, Pressure pressure) {
    this.kernel = kernel;
    this.pressure = pressure;
    this.frames = pressure.frames();
    this.stat = kernel.folios().stat();
    this.reclaim = new Reclaim(kernel);
  }

  /** As kswapd: below the low watermark, reclaims up to the high one. */
  void background() {
    BuddyAllocator buddy = kernel.folios().buddy();
    if (buddy.freeFrames() >= pressure.low()) {
      failures = 0;
      return;
    }
    if (failures >= HOPELESS) {
      return;
    }
    stat.count(VmEvent.PAGEOUTRUN);
    inBackground = true;
    long missing = pressure.high() - buddy.freeFrames();
    long gone = shrink(null, missing, ReplacementPolicy.NO_PAGE);
    failures = gone == 0 ? failures + 1 : 0;
    inBackground = false;
  }

  /**
   * Reclaims for somebody who waits.
   *
   * @param group whose pages, and those of groups below it; null for everybody's
   * @param need how many pages
   * @param incoming the page for which room is made, 0 if none
   * @return how many have gone
   */
  long direct(MemoryGroup group, long need, long incoming) {
    stat.count(VmEvent.ALLOCSTALL);
    return shrink(group, need, incoming == 0 ? ReplacementPolicy.NO_PAGE : incoming);
  }

  /** A lock has gone: what was set aside may be taken again. */
  void unlocked() {
    unlocked = true;
  }

  private long shrink(MemoryGroup group, long need, long incoming) {
    // What the operation has given up so far counts first.
    kernel.token().spendNow();
    kernel.folios().batches().drain();
    if (unlocked) {
      rescue();
    }
    for (LruPool pool : pressure.lists().pools()) {
      pool.exhausted = false;
    }
    long gone = 0;
    while (gone < need) {
      LruPool pool = choose(group);
      if (pool == null) {
        break;
      }
      if (takeOne(pool, incoming)) {
        gone++;
      } else {
        pool.exhausted = true;
      }
    }
    kernel.token().spendNow();
    return gone;
  }

  /**
   * Whose page goes next: in per-process scope the process's own, if it has a few; else in turns,
   * in proportion to how many each has.
   */
  private LruPool choose(MemoryGroup group) {
    AddressSpace local = pressure.local();
    LruPool best = null;
    long total = 0;
    for (int i = 0; i < pressure.lists().pools().size(); i++) {
      LruPool pool = pressure.lists().pools().get(i);
      int resident = pool.exhausted ? 0 : pool.resident();
      if (resident == 0 || (group != null && !pool.group.isWithin(group))) {
        continue;
      }
      if (local != null && pool.owner == local && resident >= LEAST) {
        return pool;
      }
      pool.credit += resident;
      total += resident;
      best = best == null || pool.credit > best.credit ? pool : best;
    }
    if (best != null) {
      best.credit -= total;
    }
    return best;
  }

  private boolean takeOne(LruPool pool, long incoming) {
    boolean canSwap = kernel.swap().hasRoom();
    Lruvec first = pool.turn(canSwap);
    if (takeOne(first, incoming)) {
      return true;
    }
    Lruvec other = first == pool.file ? pool.anonymous : pool.file;
    return other != first && takeOne(other, incoming);
  }

  /** Asks the policy until a page really goes; false if it has offered all that it has. */
  private boolean takeOne(Lruvec list, long incoming) {
    for (int left = list.resident(); left > 0; left--) {
      long pfn = list.victim(incoming);
      if (pfn == Folios.NONE) {
        return false;
      }
      boolean anonymous = pressure.use().isAnonymous(pfn);
      stat.count(inBackground ? VmEvent.PGSCAN_KSWAPD : VmEvent.PGSCAN_DIRECT);
      stat.count(anonymous ? VmEvent.PGSCAN_ANON : VmEvent.PGSCAN_FILE);
      if (pressure.use().isLocked(pfn)) {
        setAside(list, pfn);
      } else if (take(list, pfn)) {
        stat.count(inBackground ? VmEvent.PGSTEAL_KSWAPD : VmEvent.PGSTEAL_DIRECT);
        stat.count(anonymous ? VmEvent.PGSTEAL_ANON : VmEvent.PGSTEAL_FILE);
        list.pool.took(list);
        return true;
      } else {
        list.putBack(pfn);
        stat.count(VmEvent.PGROTATED);
      }
    }
    return false;
  }

  /** Puts a page out; whether it has gone. */
  private boolean take(Lruvec list, long pfn) {
    long page = pressure.lists().records().page(pfn);
    if (kernel.folios().isLarge(pfn)) {
      list.putBack(pfn);
      boolean split = SplitFolio.splitAsIs(kernel, pfn);
      if (split && frames.refs(pfn) == 0) {
        // Nobody had its first page.
        return true;
      }
      list.choose(pfn);
      if (!split) {
        return false;
      }
    }
    if (!reclaim.evict(pfn)) {
      return false;
    }
    pressure.lists().workingSet().evicted(list.pool, page);
    list.leave(pfn);
    return true;
  }

  // --- locked pages ---

  /** As move_folios_to_lru() does with what cannot be evicted. */
  private void setAside(Lruvec list, long pfn) {
    list.leave(pfn);
    frames.set(pfn, FrameTable.MLOCKED);
    if (asideSize == aside.length) {
      aside = Arrays.copyOf(aside, 2 * asideSize);
    }
    aside[asideSize++] = pfn;
    stat.count(VmEvent.UNEVICTABLE_PGS_CULLED);
  }

  /** Brings what is no longer locked back. */
  private void rescue() {
    unlocked = false;
    int kept = 0;
    for (int i = 0; i < asideSize; i++) {
      long pfn = aside[i];
      if (!frames.has(pfn, FrameTable.MLOCKED)) {
        continue;
      }
      if (pressure.use().isLocked(pfn)) {
        aside[kept++] = pfn;
      } else {
        frames.clear(pfn, FrameTable.MLOCKED);
        pressure.lists().readmit(pfn);
        stat.count(VmEvent.UNEVICTABLE_PGS_RESCUED);
      }
    }
    asideSize = kept;
  }
}
