package dev.pagewalk.kernel;

/**
 * Entries of page directories that map 2 MiB of anonymous memory: how they are taken away, cut into
 * small ones, copied and moved.
 *
 * <p>Behind each huge entry a page table is kept in reserve, so that cutting never needs memory.
 */
final class HugePages {
  private HugePages() {}

  /** Cuts the huge entry that {@code address} lies inside of, if a VMA is to be cut there. */
  static void splitAt(Vma vma, long address) {
    long start = PageTables.hugePageOf(address);
    if (address != start && start >= vma.start && start + PageTables.HUGE_BYTES <= vma.end) {
      split(vma, start);
    }
  }

  /** The entry of a page directory that maps a huge page at {@code start}, or NONE. */
  static long find(AddressSpace mm, long start) {
    long slot = mm.tables().find(start, PageTables.PMD);
    return slot != PageTables.NONE && Pte.isHuge(mm.tables().read(slot)) ? slot : PageTables.NONE;
  }

  /** The entry that maps a huge page of any size around {@code address}, or NONE. */
  static long around(AddressSpace mm, long address) {
    PageTables tables = mm.tables();
    long slot = tables.find(address, PageTables.PMD);
    if (slot == PageTables.NONE) {
      slot = tables.find(address, PageTables.PUD);
    }
    return slot != PageTables.NONE && Pte.isHuge(tables.read(slot)) ? slot : PageTables.NONE;
  }

  /** Makes 512 small entries of the huge one at {@code start}, if there is one. */
  static void split(Vma vma, long start) {
    long slot = find(vma.mm, start);
    if (slot == PageTables.NONE) {
      return;
    }
    PageTables tables = vma.mm.tables();
    long table = tables.withdraw(slot);
    long entry = tables.exchange(slot, table << 12 | Pte.TABLE);
    vma.mm.token().range(vma.mm, start, start + PageTables.HUGE_BYTES);
    long pfn = Pte.pfn(entry);
    Folios folios = vma.mm.kernel().folios();
    boolean zero = folios.isZeroPage(pfn);
    if (!zero) {
      smallCounts(folios, pfn);
    }
    for (int i = 0; i < PageTables.HUGE_PAGES; i++) {
      long small =
          zero
              ? Pte.of(folios.zeroPage(), vma.pageProt() | Pte.SPECIAL)
              : smallEntry(vma, entry, pfn + i);
      tables.write((table << 12) + (long) i * Long.BYTES, small);
    }
  }

  private static long smallEntry(Vma vma, long huge, long pfn) {
    long entry = Pte.of(pfn, vma.pageProt());
    if (Pte.isWritable(huge)) {
      entry = Pte.writable(entry);
    }
    if (!Pte.isYoung(huge)) {
      entry = Pte.old(entry);
    }
    return Pte.isDirty(huge) ? Pte.dirty(entry) : entry;
  }

  /** One entry for the whole becomes one for each page, with a reference each. */
  private static void smallCounts(Folios folios, long head) {
    boolean exclusive = folios.isExclusive(head);
    folios.get(head, PageTables.HUGE_PAGES - 1);
    folios.removeHugeMapping(head);
    for (long pfn = head; pfn < head + PageTables.HUGE_PAGES; pfn++) {
      folios.addMapping(pfn);
      if (exclusive) {
        folios.setExclusive(pfn);
      }
    }
  }

  /** Takes the huge entry at {@code start} away. */
  static void zap(Vma vma, long start) {
    PageTables tables = vma.mm.tables();
    Folios folios = vma.mm.kernel().folios();
    FlushToken token = vma.mm.token();
    long slot = find(vma.mm, start);
    tables.release(tables.withdraw(slot));
    long pfn = Pte.pfn(tables.take(slot));
    token.hugePage(vma.mm, start);
    if (!folios.isZeroPage(pfn)) {
      folios.removeHugeMapping(pfn);
      if (vma.has(VmFlag.LOCKED)) {
        folios.batches().unlock(pfn);
      }
      token.putLater(pfn);
    }
  }

  /**
   * Copies the huge entry at {@code start} for a child; both become read-only.
   *
   * @return whether there was memory for its tables
   */
  static boolean copy(Vma child, Vma parent, long start) {
    PageTables to = child.mm.tables();
    PageTables from = parent.mm.tables();
    Folios folios = parent.mm.kernel().folios();
    long target = to.make(start, PageTables.PMD);
    long reserve = target == PageTables.NONE ? Folios.NONE : to.allocateReserve();
    if (reserve == Folios.NONE) {
      return false;
    }
    long slot = find(parent.mm, start);
    long entry = from.read(slot);
    long pfn = Pte.pfn(entry);
    if (!folios.isZeroPage(pfn)) {
      folios.get(pfn);
      folios.addHugeMapping(pfn);
      folios.clearExclusive(pfn);
      entry = Pte.readOnly(from.take(slot));
      from.write(slot, entry);
      parent.mm.token().hugePage(parent.mm, start);
    }
    to.deposit(target, reserve);
    to.write(target, Pte.old(entry));
    return true;
  }

  /** Moves a huge entry to another aligned place of the same address space. */
  static boolean move(AddressSpace mm, long from, long target) {
    PageTables tables = mm.tables();
    long destination = tables.make(target, PageTables.PMD);
    if (destination == PageTables.NONE) {
      return false;
    }
    if (!Pte.isNone(tables.read(destination))) {
      if (!tables.isEmptyTable(tables.find(target, PageTables.PTE))) {
        return false;
      }
      tables.freeEmpty(mm, target, mm.token());
    }
    long slot = find(mm, from);
    long reserve = tables.withdraw(slot);
    long entry = tables.take(slot);
    mm.token().hugePage(mm, from);
    tables.deposit(destination, reserve);
    tables.write(destination, entry);
    return true;
  }

  /** Makes a new huge entry of an anonymous page, whose table in reserve is {@code reserve}. */
  static void map(Vma vma, long slot, long pfn, long reserve) {
    long entry = Pte.of(pfn, vma.pageProt() | Pte.HUGE);
    if (vma.has(VmFlag.WRITE)) {
      entry = Pte.writable(Pte.dirty(entry));
    }
    PageTables tables = vma.mm.tables();
    tables.deposit(slot, reserve);
    tables.write(slot, entry);
  }
}
