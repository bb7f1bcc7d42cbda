package dev.pagewalk.kernel;

/**
 * What a process has at one page, as /proc/PID/pagemap tells it, and the raw entry.
 *
 * @param kind what there is
 * @param entry the entry as it stands in the page table; of a huge page, that of the page directory
 * @param frame the page's frame number; in swap, the swap entry without its marks
 * @param zero whether it is of the zero page, small or huge
 * @param huge whether an entry of 2 MiB or 1 GiB maps it
 * @param file whether it is a page of a file or of shared anonymous memory, or of the huge zero
 *     page
 * @param once whether exactly one entry of all processes maps the frame; of a huge page, its first
 *     frame, as Linux has it
 */
public record PageView(
    Kind kind, long entry, long frame, boolean zero, boolean huge, boolean file, boolean once) {
  /** What an entry can be. */
  public enum Kind {
    /** No entry. */
    NONE,
    /** A frame, even if PROT_NONE hides it. */
    PRESENT,
    /** A slot of swap. */
    SWAP,
    /** A guard page. */
    GUARD
  }

  private static final PageView NOTHING = new PageView(Kind.NONE, 0, 0, false, false, false, false);

  /** The page of {@code mm} that {@code address} lies in. */
  static PageView of(AddressSpace mm, long address) {
    long huge = HugePages.around(mm, address);
    if (huge != PageTables.NONE) {
      long entry = mm.tables().read(huge);
      Folios folios = mm.kernel().folios();
      long pfn = Pte.pfn(entry);
      long frames = pfn < folios.frames().frames() ? 1L << folios.frames().order(pfn) : 1;
      long page = (address >>> 12) & (frames - 1);
      return present(mm, entry, pfn, page);
    }
    long slot = mm.tables().find(address, PageTables.PTE);
    long entry = slot == PageTables.NONE ? 0 : mm.tables().read(slot);
    if (Pte.isNone(entry)) {
      return NOTHING;
    }
    if (Pte.isPresent(entry)) {
      return present(mm, entry, Pte.pfn(entry), -1);
    }
    Kind kind = Pte.isMarker(entry) ? Kind.GUARD : Kind.SWAP;
    return new PageView(kind, entry, Pte.swapShared(entry), false, false, false, false);
  }

  /**
   * A page that is there.
   *
   * @param first frame of the entry
   * @param index of the page in its huge page, or -1
   */
  private static PageView present(AddressSpace mm, long entry, long first, long index) {
    Folios folios = mm.kernel().folios();
    boolean huge = index >= 0;
    long pfn = huge ? first + index : first;
    if (pfn >= folios.frames().frames()) {
      // An entry that the kernel did not write: there is no such frame.
      return new PageView(Kind.PRESENT, entry, pfn, false, huge, false, false);
    }
    if (folios.isZeroPage(pfn)) {
      return new PageView(Kind.PRESENT, entry, pfn, true, huge, huge, false);
    }
    boolean file = !folios.isAnon(pfn);
    boolean once = folios.mapCount(first) == 1;
    return new PageView(Kind.PRESENT, entry, pfn, false, huge, file, once);
  }
}
