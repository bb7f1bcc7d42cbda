package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Rlimit;
import dev.pagewalk.kernel.VmaView;
import java.util.function.Consumer;

/** What the model knows of a process: a page for each page that is mapped, in two windows. */
final class ModelProcess {
  static final long PAGE = 4096;

  /** Where the walk maps at places of its own choice. */
  static final long LOW = 0x1000_0000_0000L;

  static final int LOW_PAGES = 5 * 512;

  /** Where the heap begins. */
  static final long HEAP = LOW + 4 * 512 * PAGE;

  /** Above where the kernel chooses, from the top down; what lies there may grow upwards. */
  private static final long HIGH_END = 0x7fff_f7ff_f000L + 512 * PAGE;

  private static final int HIGH_PAGES = 8192;
  private static final long HIGH = HIGH_END - HIGH_PAGES * PAGE;

  final AddressSpace mm;
  long brk = HEAP;
  private final ModelPage[] low = new ModelPage[LOW_PAGES];
  private final ModelPage[] high = new ModelPage[HIGH_PAGES];
  private int mapped;

  /** Limits, protection keys, policy, and locks to come. */
  final ModelTask task;

  /** Explicit huge pages, in a window of their own. */
  final ModelUnit[] units = new ModelUnit[ModelUnit.PLACES];

  ModelProcess(AddressSpace mm) {
    this(mm, new ModelTask());
  }

  private ModelProcess(AddressSpace mm, ModelTask task) {
    this.mm = mm;
    this.task = task;
  }

  /** Whether PKRU allows a load or store of the page. */
  boolean allows(ModelPage page, boolean write) {
    return task.allows(page.key, write);
  }

  /** Whether the limits allow {@code pages} more like {@code page}. */
  boolean mayExpand(ModelPage page, long pages) {
    long total = mapped;
    long data = 0;
    for (ModelUnit unit : units) {
      total += unit == null ? 0 : unit.smallPages;
      data += unit != null && unit.page.isData() ? unit.smallPages : 0;
    }
    if (total + pages > task.limit(Rlimit.AS) >>> 12) {
      return false;
    }
    long most = task.limit(Rlimit.DATA);
    if (!page.isData() || most == 0 || most == Long.MAX_VALUE) {
      return true;
    }
    long[] count = {data};
    each(each -> count[0] += each.isData() ? 1 : 0);
    return count[0] + pages <= most >>> 12;
  }

  /** How many pages are mapped. */
  int mapped() {
    return mapped;
  }

  /** Whether the model can keep all of {@code [start, end)}. */
  static boolean covers(long start, long end) {
    boolean isLow = start >= LOW && end <= LOW + LOW_PAGES * PAGE;
    return isLow || (start >= HIGH && end <= HIGH_END);
  }

  /** The page of an address, or null. */
  ModelPage at(long address) {
    long index = (address - LOW) >> 12;
    if (index >= 0 && index < LOW_PAGES) {
      return low[(int) index];
    }
    index = (address - HIGH) >> 12;
    return index >= 0 && index < HIGH_PAGES ? high[(int) index] : null;
  }

  void set(long address, ModelPage page) {
    long index = (address - LOW) >> 12;
    boolean isLow = index >= 0 && index < LOW_PAGES;
    ModelPage[] pages = isLow ? low : high;
    int at = (int) (isLow ? index : (address - HIGH) >> 12);
    mapped += (page == null ? 0 : 1) - (pages[at] == null ? 0 : 1);
    pages[at] = page;
  }

  /** Whether nothing is mapped in the range. */
  boolean isFree(long start, long end) {
    for (long at = start; at < end; at += PAGE) {
      if (at(at) != null) {
        return false;
      }
    }
    return true;
  }

  boolean hasSealed(long start, long end) {
    for (long at = start; at < end; at += PAGE) {
      if (at(at) != null && at(at).sealed) {
        return true;
      }
    }
    return false;
  }

  void unmap(long start, long end) {
    for (long at = start; at < end; at += PAGE) {
      if (at(at) != null) {
        set(at, null);
      }
    }
  }

  /** Does something with each page that is mapped in a range. */
  void each(long start, long end, Consumer<ModelPage> action) {
    for (long at = start; at < end; at += PAGE) {
      ModelPage page = at(at);
      if (page != null) {
        action.accept(page);
      }
    }
  }

  /** Does something with each page that is mapped. */
  void each(Consumer<ModelPage> action) {
    each(LOW, LOW + LOW_PAGES * PAGE, action);
    each(HIGH, HIGH_END, action);
  }

  /** The kernel's VMA at an address, or null: where one ends is the kernel's choice. */
  VmaView vma(long address) {
    for (VmaView vma : mm.view()) {
      if (vma.start() <= address && address < vma.end()) {
        return vma;
      }
    }
    return null;
  }

  /** The first address from {@code address} on that is mapped, or -1. */
  long nextMapped(long address) {
    for (VmaView vma : mm.view()) {
      if (vma.end() > address) {
        return Math.max(vma.start(), address);
      }
    }
    return -1;
  }

  /** A child's copy. */
  ModelProcess fork(AddressSpace child) {
    ModelProcess copy = new ModelProcess(child, task.forked());
    copy.brk = brk;
    copy(low, copy.low, copy);
    copy(high, copy.high, copy);
    for (int i = 0; i < units.length; i++) {
      copy.units[i] = units[i] == null ? null : units[i].forked();
    }
    return copy;
  }

  private static void copy(ModelPage[] from, ModelPage[] to, ModelProcess owner) {
    for (int i = 0; i < from.length; i++) {
      if (from[i] != null && !from[i].notForked) {
        to[i] = from[i].forked();
        owner.mapped++;
      }
    }
  }
}
