package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;

/** The TLBs as one port sees them. */
final class PortView {
  /** Number of the port, 0 to 3; ports that share their first-level TLBs have the same. */
  final int number;

  final Tlb[] first;
  final Tlb[] second;

  /** By size of piece: the TLB that can hold it, or null. */
  final Tlb[] firstBySize;

  final Tlb[] secondBySize;

  /** Of those, the ones that hold 4 KiB pages; the second may be null. */
  final Tlb mainFirst;

  final Tlb mainSecond;

  /** Accesses that did not end on the hot or the short paths, and those that had no address. */
  long general;

  long nonCanonical;

  PortView(StateLayout layout, Port port) {
    number = layout.portOf(port);
    first = layout.ofPort(layout.firstLevel, port).toArray(Tlb[]::new);
    second = layout.ofPort(layout.secondLevel, port).toArray(Tlb[]::new);
    firstBySize = bySize(first);
    secondBySize = bySize(second);
    mainFirst = layout.mainFirst(port);
    mainSecond = layout.mainSecond(port);
  }

  private static Tlb[] bySize(Tlb[] level) {
    Tlb[] bySize = new Tlb[PageSize.values().length];
    for (Tlb tlb : level) {
      for (PageSize size : tlb.sizes) {
        bySize[size.ordinal()] = tlb;
      }
    }
    return bySize;
  }

  void resetCounters() {
    general = 0;
    nonCanonical = 0;
  }

  /**
   * The TLB of {@code level} that a piece of at most {@code most} goes to; null if there is none.
   */
  static Tlb holder(Tlb[] level, PageSize most) {
    Tlb best = null;
    PageSize size = null;
    for (Tlb tlb : level) {
      PageSize other = tlb.sizeFor(most);
      if (other != null && (size == null || other.compareTo(size) > 0)) {
        best = tlb;
        size = other;
      }
    }
    return best;
  }
}
