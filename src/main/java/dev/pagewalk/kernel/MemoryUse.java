package dev.pagewalk.kernel;

/** What an address space has mapped and what is in memory of it, in pages, as status shows it. */
final class MemoryUse {
  private final AddressSpace mm;
  private final Folios folios;
  private long size;
  private long locked;
  private long data;
  private long stack;
  private long executable;
  private long anonymous;
  private long file;
  private long shared;
  private long swapped;
  private long hugetlb;

  /** Counts now; the peaks of {@code mm} rise with it. */
  MemoryUse(AddressSpace mm) {
    this.mm = mm;
    this.folios = mm.kernel().folios();
    for (Vma vma : mm.vmas().all()) {
      mapping(vma);
      if (vma.isHugetlb()) {
        Smaps smaps = new SmapsCounter(vma).count(vma);
        hugetlb += (smaps.sharedHugetlb() + smaps.privateHugetlb()) >> 2;
      } else {
        entries(vma);
      }
    }
    mm.sawUse(size, rss());
  }

  /** As vm_stat_account(). */
  private void mapping(Vma vma) {
    long pages = vma.pages();
    size += pages;
    locked += vma.has(VmFlag.LOCKED) ? pages : 0;
    if (vma.has(VmFlag.GROWSDOWN)) {
      stack += pages;
    } else if (vma.has(VmFlag.EXEC) && !vma.has(VmFlag.WRITE)) {
      executable += pages;
    } else if (vma.has(VmFlag.WRITE) && !vma.has(VmFlag.SHARED)) {
      data += pages;
    }
  }

  private void entries(Vma vma) {
    PageTables tables = mm.tables();
    long next;
    for (long address = vma.start; address < vma.end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), vma.end);
      long slot = tables.find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        // An upper entry that this kernel did not write may end the way down without being nothing.
        next = Math.max(next, Math.min(mm.endOfNothing(address), vma.end));
        continue;
      }
      if (Pte.isHuge(tables.read(slot))) {
        present(Pte.pfn(tables.read(slot)), PageTables.HUGE_PAGES);
      } else {
        table(address, next);
      }
    }
  }

  private void table(long start, long end) {
    long slot = mm.tables().find(start, PageTables.PTE);
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long entry = mm.tables().read(slot);
      if (Pte.isPresent(entry)) {
        present(Pte.pfn(entry), 1);
      } else if (Pte.isSwap(entry)) {
        swapped++;
      }
      slot += Long.BYTES;
    }
  }

  private void present(long pfn, long pages) {
    if (folios.isZeroPage(pfn)) {
      return;
    }
    if (folios.isAnon(pfn)) {
      anonymous += pages;
    } else if (folios.has(pfn, FrameTable.SWAPBACKED)) {
      shared += pages;
    } else {
      file += pages;
    }
  }

  /**
   * The most that was mapped.
   *
   * <p>MODEL: peaks, {@link #highWater} too, are of the times at which somebody looked.
   */
  long peak() {
    return mm.peakPages();
  }

  long size() {
    return size;
  }

  long locked() {
    return locked;
  }

  long highWater() {
    return mm.peakRss();
  }

  long rss() {
    return anonymous + file + shared;
  }

  long anonymous() {
    return anonymous;
  }

  long file() {
    return file;
  }

  long shared() {
    return shared;
  }

  long data() {
    return data;
  }

  long stack() {
    return stack;
  }

  long executable() {
    return executable;
  }

  long swapped() {
    return swapped;
  }

  long hugetlb() {
    return hugetlb;
  }
}
