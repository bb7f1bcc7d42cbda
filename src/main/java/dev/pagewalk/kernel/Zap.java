package dev.pagewalk.kernel;

/**
 * Takes entries away: what unmap, discard, truncation and exit have in common.
 *
 * <p>A present entry loses its mapping count at once and its reference when the token is spent; a
 * swap entry gives its slot back.
 */
final class Zap {
  /**
   * What goes and what stays.
   *
   * @param evenCows private copies too, not only pages of the file
   * @param markers guard pages too
   * @param tables a page table whose 2 MiB are all covered goes with them
   */
  record Mode(boolean evenCows, boolean markers, boolean tables) {
    /** Everything: the mapping itself goes. */
    static final Mode UNMAP = new Mode(true, true, false);

    /** Contents only; guard pages stay. */
    static final Mode DISCARD = new Mode(true, false, true);

    /** Pages of a file from which a hole is cut; private copies stay. */
    static final Mode FILE_HOLE = new Mode(false, false, false);

    /** Pages behind the new end of a file, private copies with them; guard pages stay. */
    static final Mode TRUNCATE = new Mode(true, false, false);
  }

  private final Vma vma;
  private final Mode mode;
  private final Kernel kernel;
  private final PageTables tables;
  private final FlushToken token;

  private Zap(Vma vma, Mode mode) {
    this.vma = vma;
    this.mode = mode;
    this.kernel = vma.mm.kernel();
    this.tables = vma.mm.tables();
    this.token = vma.mm.token();
  }

  /** Takes the entries of {@code [start, end)}, which lies within {@code vma}. */
  static void range(Vma vma, long start, long end, Mode mode) {
    if (vma.isHugetlb()) {
      HugetlbPages.zap(vma, start, end);
    } else {
      new Zap(vma, mode).range(start, end);
    }
  }

  private void range(long start, long end) {
    long next;
    for (long address = start; address < end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), end);
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE) {
        continue;
      }
      long entry = tables.read(slot);
      if (Pte.isHuge(entry)) {
        if (next - address == PageTables.HUGE_BYTES) {
          HugePages.zap(vma, address);
          continue;
        }
        HugePages.split(vma, PageTables.hugePageOf(address));
      }
      if (!Pte.isNone(tables.read(slot))) {
        table(address, next);
      }
    }
  }

  private void table(long start, long end) {
    long slot = tables.find(start, PageTables.PTE);
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long entry = tables.read(slot);
      if (!Pte.isNone(entry)) {
        entry(address, slot, entry);
      }
      slot += Long.BYTES;
    }
    if (mode.tables()
        && end - start == PageTables.HUGE_BYTES
        && tables.isEmptyTable(slot - Long.BYTES)) {
      tables.freeEmpty(vma.mm, start, token);
    }
  }

  private void entry(long address, long slot, long entry) {
    if (Pte.isPresent(entry)) {
      present(address, slot, entry);
    } else if (Pte.isMarker(entry)) {
      if (mode.markers()) {
        tables.write(slot, 0);
      }
    } else if (mode.evenCows()) {
      tables.write(slot, 0);
      kernel.swap().release(entry);
    }
  }

  private void present(long address, long slot, long seen) {
    Folios folios = kernel.folios();
    long pfn = Pte.pfn(seen);
    if (folios.isZeroPage(pfn)) {
      tables.take(slot);
      token.page(vma.mm, address);
      return;
    }
    boolean anon = folios.isAnon(pfn);
    if (anon && vma.file != null && !mode.evenCows()) {
      return;
    }
    long entry = tables.take(slot);
    token.page(vma.mm, address);
    if (!anon) {
      remember(vma, entry);
    }
    folios.removeMapping(pfn);
    if (vma.has(VmFlag.LOCKED)) {
      folios.batches().unlock(pfn);
    }
    token.putLater(pfn);
  }

  /** Hands what the processor noted in an entry of a file's page on to the page. */
  static void remember(Vma vma, long entry) {
    Folios folios = vma.mm.kernel().folios();
    long pfn = Pte.pfn(entry);
    if (Pte.isDirty(entry)) {
      folios.set(pfn, FrameTable.DIRTY);
    }
    if (Pte.isYoung(entry) && !vma.has(VmFlag.SEQ_READ | VmFlag.RAND_READ)) {
      folios.markAccessed(pfn);
    }
  }
}
