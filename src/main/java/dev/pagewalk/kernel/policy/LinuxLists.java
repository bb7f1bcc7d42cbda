package dev.pagewalk.kernel.policy;

/**
 * Linux's two lists: of anonymous and of file pages, inactive and active each. A page starts
 * inactive; if its accessed bit is found set twice it becomes active, if not once it goes. When the
 * inactive list gets short, active pages become inactive again. Of a page that has gone, the time
 * stays, in evictions and activations; if it comes back sooner than it would have gone from a
 * memory in which active pages had made room, it starts active (refault distance).
 *
 * <p>Linux 6.18, mm/vmscan.c (shrink_inactive_list, folio_check_references, shrink_active_list,
 * get_scan_count) and mm/workingset.c. The lists: M. Gorman, "Understanding the Linux Virtual
 * Memory Manager", "Page Frame Reclamation", 2004.
 *
 * <p>MODEL: pages are looked at one by one, not 32 at a time, and lists are never scanned in part
 * by priority: that of anonymous and of file pages is looked at whose share is due. MODEL: how many
 * may run code is not known, so that no file page is spared for it.
 */
final class LinuxLists implements ReplacementPolicy {
  private static final int ACTIVE = 1;
  private static final int NO_SHADOW = GonePages.NONE;

  /** PG_referenced: found accessed once. */
  private static final int REFERENCED = 1;

  /** PG_workingset: has been active. */
  private static final int WORKINGSET = 2;

  /** SWAP_CLUSTER_MAX: what writing a page costs, in pages looked at for nothing. */
  private static final int IO_COST = 32;

  private static final int PAGES_PER_GIB_BITS = 18;

  private final FrameLists lists;
  private final GonePages shadows = new GonePages(1);
  private final ScanBalance balance;
  private final PageView view;
  private final long[] pageIn;
  private final byte[] flags;

  /** nonresident_age: evictions and activations so far. */
  private long age;

  LinuxLists(int frames, PageView view, int swappiness) {
    lists = new FrameLists(frames, 4);
    pageIn = new long[frames];
    flags = new byte[frames];
    this.view = view;
    balance = new ScanBalance(swappiness);
  }

  @Override
  public void admitted(int frame, long page) {
    int type = typeOf(frame);
    long shadow = shadows.noteOf(page);
    shadows.forget(page);
    pageIn[frame] = page;
    flags[frame] = 0;
    int list = type;
    if (shadow != NO_SHADOW && age - (shadow >> 1) <= workingSet(type)) {
      list = type + ACTIVE;
      age++;
      if ((shadow & 1) != 0) {
        flags[frame] = WORKINGSET;
        balance.cost(type, 1, lists.size());
      }
    }
    lists.addLast(list, frame);
  }

  @Override
  public void forgotten(int frame) {
    lists.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    if (lists.size() == 0) {
      return NO_FRAME;
    }
    // Everything has been looked at often enough then; cores that set bits do not hold this up.
    for (int looks = 4 * lists.size(); looks > 0; looks--) {
      int type = balance.next(sizeOf(ScanBalance.ANON), sizeOf(ScanBalance.FILE));
      deactivate(type);
      int frame = lists.first(type);
      if (frame == NO_FRAME) {
        continue;
      }
      if (!view.testAndClearAccessed(frame)) {
        return evict(type, frame);
      }
      balance.cost(type, 1, lists.size());
      if ((flags[frame] & REFERENCED) != 0) {
        flags[frame] &= ~REFERENCED;
        age++;
        lists.move(type + ACTIVE, frame);
      } else {
        flags[frame] |= REFERENCED;
        lists.moveToLast(frame);
      }
    }
    int list = 0;
    while (lists.first(list) == NO_FRAME) {
      list++;
    }
    return evict(list & ~ACTIVE, lists.first(list));
  }

  /** It is active, and looked at last. */
  @Override
  public void putBack(int frame) {
    shadows.forget(pageIn[frame]);
    flags[frame] = 0;
    lists.addLast(typeOf(frame) + ACTIVE, frame);
  }

  @Override
  public int resident() {
    return lists.size();
  }

  private int evict(int type, int frame) {
    if (view.isDirty(frame)) {
      balance.cost(type, IO_COST, lists.size());
    }
    lists.remove(frame);
    shadows.add(0, pageIn[frame], (age << 1) | ((flags[frame] & WORKINGSET) >> 1));
    age++;
    // With every one that leaves, others are one older: those that fall out would not count.
    shadows.trim(0, lists.size() + 1);
    return frame;
  }

  /** shrink_active_list(): from the end of the active list to the inactive one, bits cleared. */
  private void deactivate(int type) {
    while (isInactiveLow(type)) {
      int frame = lists.first(type + ACTIVE);
      view.testAndClearAccessed(frame);
      flags[frame] |= WORKINGSET;
      lists.move(type, frame);
    }
  }

  /** inactive_is_low(): beyond a GiB, the active list may be several times as long. */
  private boolean isInactiveLow(int type) {
    long inactive = lists.size(type);
    long active = lists.size(type + ACTIVE);
    long gib = (inactive + active) >> PAGES_PER_GIB_BITS;
    long ratio = gib == 0 ? 1 : (long) Math.sqrt(10.0 * gib);
    return inactive * ratio < active;
  }

  /** workingset_test_recent(): what may have to make room for a page of this type. */
  private long workingSet(int type) {
    int other = type == ScanBalance.ANON ? ScanBalance.FILE : ScanBalance.ANON;
    return (long) lists.size(ScanBalance.ANON + ACTIVE)
        + lists.size(ScanBalance.FILE + ACTIVE)
        + lists.size(other);
  }

  private int sizeOf(int type) {
    return lists.size(type) + lists.size(type + ACTIVE);
  }

  private int typeOf(int frame) {
    return view.isAnonymous(frame) ? ScanBalance.ANON : ScanBalance.FILE;
  }
}
