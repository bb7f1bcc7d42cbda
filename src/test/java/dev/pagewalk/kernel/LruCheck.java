package dev.pagewalk.kernel;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What reclaim knows against the records of frames: each page of a user is charged once, to one
 * group and those above, and can be chosen by one policy, or is set aside as locked.
 */
final class LruCheck {
  private final Kernel kernel;
  private final Pressure pressure;
  private final FrameTable frames;
  private final Map<MemoryGroup, Long> charged = new HashMap<>();
  private final Map<Lruvec, Integer> resident = new HashMap<>();

  /** Groups of which a page is on a list. */
  private final Set<MemoryGroup> reclaimable = new HashSet<>();

  LruCheck(Kernel kernel) {
    this.kernel = kernel;
    this.pressure = kernel.pressure();
    this.frames = kernel.folios().frames();
  }

  void run() {
    for (FrameRange range : frames.ranges()) {
      for (long pfn = range.start(); pfn < range.end(); pfn++) {
        frame(pfn);
      }
    }
    groups(pressure.root());
    for (LruPool pool : pressure.lists().pools()) {
      list(pool.anonymous);
      list(pool.file);
    }
  }

  private void frame(long pfn) {
    int none = FrameTable.TABLE | FrameTable.ZERO | FrameTable.HUGETLB | FrameTable.RESERVED;
    boolean isTail = frames.has(pfn, FrameTable.TAIL);
    boolean user = !isTail && frames.refs(pfn) > 0 && !frames.has(pfn, none);
    Lruvec list = pressure.lists().listOf(pfn);
    if (user != (list != null)) {
      throw bad(pfn, user ? "is charged to nobody" : "is charged, and nobody's");
    }
    if (list == null) {
      return;
    }
    for (MemoryGroup group = list.pool.group; group != null; group = group.parent()) {
      charged.merge(group, 1L << frames.order(pfn), Long::sum);
    }
    boolean listed = pressure.lists().records().place(pfn) != LruRecords.NONE;
    if (listed == frames.has(pfn, FrameTable.MLOCKED)) {
      throw bad(pfn, listed ? "is set aside and listed" : "is on no list");
    }
    if (listed) {
      resident.merge(list, 1, Integer::sum);
    }
    for (MemoryGroup group = list.pool.group; listed && group != null; group = group.parent()) {
      reclaimable.add(group);
    }
  }

  private void groups(MemoryGroup group) {
    long expected = charged.getOrDefault(group, 0L);
    if (group.current() != expected) {
      throw new AssertionError(
          "group %s: %d pages are counted, there are %d"
              .formatted(group.path(), group.current(), expected));
    }
    // A maximum that was lowered may find nothing but locked pages, and nobody to kill.
    if (group.current() > group.max() && reclaimable.contains(group)) {
      throw new AssertionError("group %s is above its maximum".formatted(group.path()));
    }
    group.children().forEach(this::groups);
  }

  private void list(Lruvec list) {
    int expected = resident.getOrDefault(list, 0);
    if (list.resident() != expected) {
      throw new AssertionError(
          "list %d: the policy has %d pages, there are %d"
              .formatted(list.id, list.resident(), expected));
    }
  }

  private AssertionError bad(long pfn, String what) {
    return new AssertionError(
        "frame 0x%x %s; flags 0x%x, %d references, kernel of %d processes"
            .formatted(
                pfn, what, frames.flags(pfn), frames.refs(pfn), kernel.addressSpaces().size()));
  }
}
