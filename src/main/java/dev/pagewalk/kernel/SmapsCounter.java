package dev.pagewalk.kernel;

/** Counts the entries of one mapping for smaps, in bytes; proportional ones in 1/4096 bytes. */
final class SmapsCounter {
  private static final int PSS_SHIFT = 12;

  private final AddressSpace mm;
  private final Folios folios;
  private boolean locked;
  private long rss;
  private long pss;
  private long pssDirty;
  private long sharedClean;
  private long sharedDirty;
  private long privateClean;
  private long privateDirty;
  private long referenced;
  private long anonymous;
  private long lazyFree;
  private long anonHugePages;
  private long sharedHugetlb;
  private long privateHugetlb;
  private long swap;
  private long swapPss;

  SmapsCounter(AddressSpace mm) {
    this.mm = mm;
    this.folios = mm.kernel().folios();
  }

  SmapsCounter(Vma vma) {
    this(vma.mm);
    this.locked = vma.has(VmFlag.LOCKED);
  }

  /** Counts all of {@code vma}, the slots of its shared object among them. */
  Smaps count(Vma vma) {
    if (vma.isHugetlb()) {
      hugetlb(vma);
      return result();
    }
    long next;
    for (long address = vma.start; address < vma.end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), vma.end);
      long slot = mm.tables().find(address, PageTables.PMD);
      if (slot == PageTables.NONE || Pte.isNone(mm.tables().read(slot))) {
        continue;
      }
      if (Pte.isHuge(mm.tables().read(slot))) {
        huge(mm.tables().read(slot));
      } else {
        table(address, next);
      }
    }
    if (vma.file != null) {
      shared(vma);
    }
    return result();
  }

  private void hugetlb(Vma vma) {
    HugetlbPool pool = vma.file.pool();
    for (long address = vma.start; address < vma.end; address += pool.pageBytes()) {
      long slot = mm.tables().find(address, pool.level());
      if (slot == PageTables.NONE || !Pte.isHuge(mm.tables().read(slot))) {
        continue;
      }
      if (folios.mapCount(Pte.pfn(mm.tables().read(slot))) == 1) {
        privateHugetlb += pool.pageBytes();
      } else {
        sharedHugetlb += pool.pageBytes();
      }
    }
  }

  private void huge(long entry) {
    long head = Pte.pfn(entry);
    if (!folios.isZeroPage(head)) {
      anonHugePages += PageTables.HUGE_BYTES;
      for (int i = 0; i < PageTables.HUGE_PAGES; i++) {
        page(head + i, entry);
      }
    }
  }

  private void table(long start, long end) {
    long slot = mm.tables().find(start, PageTables.PTE);
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long entry = mm.tables().read(slot);
      if (Pte.isPresent(entry)) {
        page(Pte.pfn(entry), entry);
      } else if (Pte.isSwap(entry)) {
        swapped(mm.kernel().swap().count(entry));
      }
      slot += Long.BYTES;
    }
  }

  private void swapped(int owners) {
    swap += PageTables.PAGE_BYTES;
    swapPss += (PageTables.PAGE_BYTES << PSS_SHIFT) / Math.max(1, owners);
  }

  /** Pages of shared anonymous memory in swap, which have no entries. */
  private void shared(Vma vma) {
    long put = vma.file.swapped().subMap(vma.pgoff, vma.pgoff + vma.pages()).size();
    swap += put << 12;
  }

  private void page(long pfn, long entry) {
    if (folios.isZeroPage(pfn)) {
      return;
    }
    boolean dirty = Pte.isDirty(entry) || folios.has(pfn, FrameTable.DIRTY);
    rss += PageTables.PAGE_BYTES;
    if (folios.isAnon(pfn)) {
      anonymous += PageTables.PAGE_BYTES;
      boolean lazy = !dirty && !folios.has(pfn, FrameTable.SWAPBACKED);
      lazyFree += lazy ? PageTables.PAGE_BYTES : 0;
    }
    if (Pte.isYoung(entry) || folios.has(pfn, FrameTable.REFERENCED)) {
      referenced += PageTables.PAGE_BYTES;
    }
    int mapCount = folios.mapCount(pfn);
    pss += (PageTables.PAGE_BYTES << PSS_SHIFT) / mapCount;
    pssDirty += dirty ? (PageTables.PAGE_BYTES << PSS_SHIFT) / mapCount : 0;
    account(mapCount == 1, dirty);
  }

  private void account(boolean alone, boolean dirty) {
    if (alone && dirty) {
      privateDirty += PageTables.PAGE_BYTES;
    } else if (alone) {
      privateClean += PageTables.PAGE_BYTES;
    } else if (dirty) {
      sharedDirty += PageTables.PAGE_BYTES;
    } else {
      sharedClean += PageTables.PAGE_BYTES;
    }
  }

  /** What was counted so far, in KiB, rounded down as Linux does. */
  Smaps result() {
    return new Smaps(
        rss >> 10,
        pss >> (10 + PSS_SHIFT),
        pssDirty >> (10 + PSS_SHIFT),
        sharedClean >> 10,
        sharedDirty >> 10,
        privateClean >> 10,
        privateDirty >> 10,
        referenced >> 10,
        anonymous >> 10,
        lazyFree >> 10,
        anonHugePages >> 10,
        sharedHugetlb >> 10,
        privateHugetlb >> 10,
        swap >> 10,
        swapPss >> (10 + PSS_SHIFT),
        locked ? pss >> (10 + PSS_SHIFT) : 0);
  }
}
