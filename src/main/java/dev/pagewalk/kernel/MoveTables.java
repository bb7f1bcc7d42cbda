package dev.pagewalk.kernel;

/** Moves entries within an address space, as move_page_tables(). */
final class MoveTables {
  private final Vma from;
  private final Vma to;
  private final AddressSpace mm;
  private final PageTables tables;
  private final long start;

  /**
   * A move of entries.
   *
   * @param start of what is moved, within {@code from}
   */
  MoveTables(Vma from, Vma to, long start) {
    this.from = from;
    this.to = to;
    this.mm = from.mm;
    this.tables = mm.tables();
    this.start = start;
  }

  /**
   * Moves {@code length} bytes to {@code target}.
   *
   * @return how many bytes were done before there was no memory for a table
   */
  long move(long target, long length) {
    if (from.isHugetlb()) {
      return HugetlbPages.move(from, start, target, length);
    }
    long distance = target - start;
    long end = start + length;
    long next;
    for (long address = start; address < end; address = next) {
      long boundary = PageTables.nextAt(address, PageTables.PMD);
      long otherBoundary = PageTables.nextAt(address + distance, PageTables.PMD) - distance;
      next = Math.min(Math.min(boundary, otherBoundary), end);
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        continue;
      }
      if (Pte.isHuge(tables.read(slot))) {
        boolean whole = next - address == PageTables.HUGE_BYTES;
        if (whole && HugePages.move(mm, address, address + distance)) {
          continue;
        }
        HugePages.split(from, PageTables.hugePageOf(address));
      }
      if (!small(address, next, distance)) {
        return address - start;
      }
    }
    return length;
  }

  /** Moves entries of one page table; false if there is no memory for the one they go to. */
  private boolean small(long from, long end, long distance) {
    long source = tables.find(from, PageTables.PTE);
    long target = tables.make(from + distance, PageTables.PTE);
    if (target == PageTables.NONE) {
      return false;
    }
    for (long address = from; address < end; address += PageTables.PAGE_BYTES) {
      if (!Pte.isNone(tables.read(source))) {
        long entry = tables.take(source);
        if (Pte.isPresent(entry)) {
          mm.token().page(mm, address);
        }
        tables.write(target, entry);
      }
      source += Long.BYTES;
      target += Long.BYTES;
    }
    return true;
  }

  /** The VMA that has the entries now. */
  Vma target() {
    return to;
  }
}
