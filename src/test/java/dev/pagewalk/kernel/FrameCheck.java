package dev.pagewalk.kernel;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Each frame's record against what really uses the frame. */
final class FrameCheck {
  private final Kernel kernel;
  private final Census census;
  private final FrameTable frames;
  private final Folios folios;
  private final SwapSpace swap;

  /** Whether a file has the frame in its cache. */
  private final boolean[] cached;

  /** Slots of swap that something names or caches. */
  private final Set<Long> slots = new HashSet<>();

  FrameCheck(Kernel kernel, Census census) {
    this.kernel = kernel;
    this.census = census;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.swap = kernel.swap();
    this.cached = new boolean[(int) frames.frames()];
  }

  void run() {
    kernel.files().values().forEach(this::file);
    long free = 0;
    for (FrameRange range : frames.ranges()) {
      for (long pfn = range.start(); pfn < range.end(); pfn += blockFrames(pfn)) {
        free += block(pfn);
      }
    }
    long counted = folios.buddy().freeFrames();
    if (free != counted) {
      throw new AssertionError("%d frames are free, %d are counted".formatted(free, counted));
    }
    census.swapped.forEach(this::slot);
    if (swap.usedSlots() != slots.size()) {
      throw new AssertionError(
          "%d slots of swap are in use, %d are counted".formatted(slots.size(), swap.usedSlots()));
    }
  }

  private void file(FileObject file) {
    for (Map.Entry<Long, Long> page : file.pages().entrySet()) {
      long pfn = page.getValue();
      boolean right =
          frames.has(pfn, FrameTable.PAGECACHE)
              && !frames.has(pfn, FrameTable.ANON | FrameTable.FREE)
              && frames.owner(pfn) == file.id()
              && (frames.has(pfn, FrameTable.HUGETLB)
                  || (frames.index(pfn) == page.getKey() && page.getKey() < file.sizeInPages()));
      if (!right) {
        throw new AssertionError(
            "file %d: frame 0x%x is not its page %d".formatted(file.id(), pfn, page.getKey()));
      }
      cached[(int) pfn] = true;
    }
    for (long entry : file.swapped().values()) {
      census.swapped.merge(Pte.swapShared(entry), 1, Integer::sum);
    }
  }

  private long blockFrames(long pfn) {
    return 1L << Math.max(0, frames.order(pfn));
  }

  /** Checks the block or folio from {@code pfn} on; how many of its frames are free. */
  private long block(long head) {
    long count = blockFrames(head);
    // A frame that was never handed out has a record of zeroes.
    if (frames.has(head, FrameTable.FREE) || frames.flags(head) == 0) {
      for (long pfn = head; pfn < head + count; pfn++) {
        free(pfn);
      }
      return count;
    }
    boolean inPool = frames.has(head, FrameTable.HUGETLB) && frames.refs(head) == 0;
    if (inPool) {
      for (long pfn = head; pfn < head + count; pfn++) {
        free(pfn);
      }
    } else if (!frames.has(head, FrameTable.RESERVED) && !folios.isZeroPage(head)) {
      used(head, count);
    }
    return 0;
  }

  private void free(long pfn) {
    int at = (int) pfn;
    if (census.small[at] + census.huge[at] > 0 || census.table[at] || cached[at]) {
      throw bad(pfn, "is free and in use");
    }
    if (frames.mapCount(pfn) != 0 || frames.refs(pfn) != 0) {
      throw bad(pfn, "is free and has counts");
    }
  }

  private void used(long head, long count) {
    int entries = census.huge[(int) head];
    int others = 0;
    for (long pfn = head; pfn < head + count; pfn++) {
      entries += census.small[(int) pfn];
      others += others(pfn);
      mapped(pfn, head);
    }
    if (count > 1 && frames.entireMapCount(head) != census.huge[(int) head]) {
      throw bad(head, "has %d huge entries".formatted(census.huge[(int) head]));
    }
    if (entries + others == 0) {
      throw bad(head, "is neither free nor of use to anyone");
    }
    if (frames.refs(head) != entries + others) {
      throw bad(head, "has %d entries and %d other users".formatted(entries, others));
    }
  }

  /**
   * References that are no mappings: a table, a page cache, the swap cache, a wait to be unlocked.
   */
  private int others(long pfn) {
    if (frames.head(pfn) != pfn && frames.has(frames.head(pfn), FrameTable.TABLE)) {
      // The root for user mode, which comes with the other.
      return 0;
    }
    boolean isTable = census.table[(int) pfn];
    if (isTable != frames.has(pfn, FrameTable.TABLE)) {
      throw bad(pfn, isTable ? "is a table by links alone" : "is a table that nobody links");
    }
    if (cached[(int) pfn] != frames.has(pfn, FrameTable.PAGECACHE)) {
      throw bad(pfn, "is in a page cache by one side alone");
    }
    // The root for user mode is the second frame of the kernel's.
    boolean counts = isTable && frames.head(pfn) == pfn;
    int waiting = folios.batches().references(pfn);
    int users = (counts ? 1 : 0) + (cached[(int) pfn] ? 1 : 0) + waiting;
    if (frames.has(pfn, FrameTable.SWAPCACHE)) {
      long entry = frames.swap(pfn);
      slots.add(Pte.swapShared(entry));
      if (swap.cached(entry) != pfn) {
        throw bad(pfn, "is in the swap cache by one side alone");
      }
      if (census.small[(int) pfn] == 0 && swap.count(entry) == 0 && waiting == 0) {
        throw bad(pfn, "is in the swap cache, and nobody will ask for it");
      }
      users++;
    }
    return users;
  }

  private void mapped(long pfn, long head) {
    int entries = census.small[(int) pfn];
    if (frames.mapCount(pfn) != entries) {
      throw bad(pfn, "has %d entries".formatted(entries));
    }
    int all = entries + census.huge[(int) head];
    boolean ownedAlone =
        frames.has(head, FrameTable.ANON) && entries > 0 && folios.isExclusive(pfn);
    if (ownedAlone && all > 1) {
      throw bad(pfn, "belongs to one process alone and has %d entries".formatted(all));
    }
  }

  private void slot(long entry, int names) {
    slots.add(entry);
    if (swap.count(entry) != names) {
      throw new AssertionError(
          "slot %d of swap: %d entries name it, %d are counted"
              .formatted(Pte.swapOffset(entry), names, swap.count(entry)));
    }
  }

  private AssertionError bad(long pfn, String what) {
    return new AssertionError(
        "frame 0x%x %s; references %d, map counts %d and %d, flags 0x%x"
            .formatted(
                pfn,
                what,
                frames.refs(pfn),
                frames.mapCount(pfn),
                frames.entireMapCount(pfn),
                frames.flags(pfn)));
  }
}
