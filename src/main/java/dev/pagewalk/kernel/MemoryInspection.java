package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/** Frames and swap slots for those who look from outside; it changes nothing. */
public final class MemoryInspection {
  private final Kernel kernel;
  private final FrameTable frames;

  /** Looks at the memory of {@code kernel}. */
  public MemoryInspection(Kernel kernel) {
    this.kernel = kernel;
    this.frames = kernel.folios().frames();
  }

  /** The frames that are not free, in ascending order, {@code most} at most. */
  public List<FrameView> frames(int most) {
    List<FrameView> views = new ArrayList<>();
    for (FrameRange range : frames.ranges()) {
      for (long pfn = range.start(); pfn < range.end() && views.size() < most; pfn++) {
        if (frames.has(pfn, FrameTable.FREE)) {
          // Of a free block only the first frame says so, and how large it is; -1 is one frame.
          pfn += (1L << Math.max(0, frames.order(pfn))) - 1;
        } else if (frames.refs(pfn) > 0) {
          views.add(view(pfn));
        }
      }
    }
    return views;
  }

  /** The slots of swap in use, {@code most} at most. */
  public List<SwapSlotView> swapSlots(int most) {
    List<SwapSlotView> views = new ArrayList<>();
    List<SwapArea> areas = kernel.swap().areas();
    for (int i = 0; i < areas.size(); i++) {
      SwapArea area = areas.get(i);
      long left = area.used();
      for (long slot = 1; left > 0 && views.size() < most; slot++) {
        if (area.count(slot) > 0 || area.cached(slot) >= 0) {
          views.add(new SwapSlotView(i, slot, area.count(slot), area.cached(slot)));
          left--;
        }
      }
    }
    return views;
  }

  private FrameView view(long pfn) {
    List<FrameView.Mapper> mappers = new ArrayList<>();
    FrameView.Kind kind = kind(pfn);
    if (kind == FrameView.Kind.ANONYMOUS || kind == FrameView.Kind.FILE) {
      kernel
          .reverseMap()
          .walk(
              pfn,
              (vma, address) -> {
                PageView page = PageView.of(vma.mm, address);
                if (page.kind() == PageView.Kind.PRESENT && page.frame() == pfn) {
                  mappers.add(new FrameView.Mapper(vma.mm.id(), address));
                }
              });
    }
    return new FrameView(
        pfn, kind, frames.refs(pfn), frames.mapCount(pfn), flags(pfn), List.copyOf(mappers));
  }

  private FrameView.Kind kind(long pfn) {
    long head = frames.head(pfn);
    if (frames.has(pfn, FrameTable.ZERO)) {
      return FrameView.Kind.ZERO;
    }
    if (frames.has(pfn, FrameTable.TABLE)) {
      return FrameView.Kind.TABLE;
    }
    if (frames.has(head, FrameTable.ANON)) {
      return FrameView.Kind.ANONYMOUS;
    }
    return frames.has(head, FrameTable.PAGECACHE) ? FrameView.Kind.FILE : FrameView.Kind.KERNEL;
  }

  private List<String> flags(long pfn) {
    List<String> flags = new ArrayList<>();
    addIf(flags, pfn, FrameTable.DIRTY, "dirty");
    addIf(flags, pfn, FrameTable.REFERENCED, "referenced");
    addIf(flags, pfn, FrameTable.ACTIVE, "active");
    addIf(flags, pfn, FrameTable.MLOCKED, "locked");
    addIf(flags, pfn, FrameTable.EXCLUSIVE, "exclusive");
    addIf(flags, pfn, FrameTable.SWAPCACHE, "swap cache");
    return List.copyOf(flags);
  }

  private void addIf(List<String> flags, long pfn, int flag, String word) {
    if (frames.has(pfn, flag)) {
      flags.add(word);
    }
  }
}
