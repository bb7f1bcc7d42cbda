package dev.pagewalk.kernel;

/** The copy of an address space, as dup_mmap(): VMAs, entries, and what both share from now on. */
final class Fork {
  private final AddressSpace parent;
  private final AddressSpace child;
  private final FrameTable frames;

  /** The entries of the page table being copied, as the child gets them in the end. */
  private final long[] entries = new long[PageTables.HUGE_PAGES];

  private Fork(AddressSpace parent, AddressSpace child) {
    this.parent = parent;
    this.child = child;
    this.frames = parent.kernel().folios().frames();
  }

  /** A child of {@code parent}; null if there is no memory, and nothing is left of it then. */
  static AddressSpace fork(AddressSpace parent) {
    Kernel kernel = parent.kernel();
    drainAtFirst(kernel);
    AddressSpace child = kernel.processes().create();
    if (child == null) {
      return null;
    }
    child.inherit(parent);
    Fork fork = new Fork(parent, child);
    for (Vma vma : parent.vmas().all()) {
      if (!vma.has(VmFlag.DONTCOPY) && !fork.copy(vma)) {
        kernel.processes().forget(child);
        return null;
      }
    }
    return child;
  }

  /**
   * The first fork drains what the core has put off.
   *
   * <p>MODEL: it is not fork that does so, but the program's own stores afterwards, to pages that
   * are not on a list yet (do_wp_page()); later they are. So it was observed.
   */
  private static void drainAtFirst(Kernel kernel) {
    if (kernel.processes().ever() == 1) {
      kernel.folios().batches().drain();
    }
  }

  private boolean copy(Vma vma) {
    if (vma.has(VmFlag.ACCOUNT) && !Overcommit.allows(child, vma.pages())) {
      return false;
    }
    Vma copy = vma.copyFor(child);
    copy.setFlags(vma.flags() & ~VmFlag.LOCKED_MASK);
    boolean wiped = vma.has(VmFlag.WIPEONFORK);
    if (!wiped) {
      parent.kernel().reverseMap().fork(copy, vma);
    }
    child.link(copy);
    boolean hasEntries = vma.anonVma != null || vma.has(VmFlag.MAYBE_GUARD);
    if (wiped || !hasEntries) {
      return true;
    }
    return vma.isHugetlb() ? HugetlbPages.copy(copy, vma) : entries(copy, vma);
  }

  private boolean entries(Vma copy, Vma vma) {
    PageTables from = parent.tables();
    long next;
    for (long address = vma.start; address < vma.end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), vma.end);
      SafePoint.reach(parent.kernel());
      long directory = from.find(address, PageTables.PMD);
      if (!tablesLike(address, directory)) {
        return false;
      }
      if (directory == PageTables.NONE || Pte.isNone(from.read(directory))) {
        continue;
      }
      boolean copied =
          Pte.isHuge(from.read(directory))
              ? HugePages.copy(copy, vma, address)
              : table(vma, address, next);
      if (!copied) {
        return false;
      }
    }
    return true;
  }

  /** Makes the upper tables that the parent has, even if nothing hangs below them. */
  private boolean tablesLike(long address, long directory) {
    if (directory != PageTables.NONE) {
      return child.tables().make(address, PageTables.PMD) != PageTables.NONE;
    }
    return parent.tables().find(address, PageTables.PUD) == PageTables.NONE
        || child.tables().make(address, PageTables.PUD) != PageTables.NONE;
  }

  /** Copies the entries of one page table. */
  private boolean table(Vma vma, long start, long end) {
    PageTables from = parent.tables();
    PageTables to = child.tables();
    long source = from.find(start, PageTables.PTE);
    long target = to.make(start, PageTables.PTE);
    if (target == PageTables.NONE) {
      return false;
    }
    int count = (int) ((end - start) >>> 12);
    from.read(source, entries, count);
    frames.share(entries, count);
    boolean settled = PageTables.areSettled(entries, count);
    if (vma.isCow()) {
      protect(count, source, start, settled);
    }
    long kept = vma.has(VmFlag.SHARED) ? Pte.clean(Pte.old(-1)) : Pte.old(-1);
    if (settled) {
      for (int i = 0; i < count; i++) {
        entries[i] &= kept;
      }
    } else {
      for (int i = 0; i < count; i++) {
        entries[i] = ofChild(entries[i], kept, source + (long) i * Long.BYTES);
      }
    }
    to.write(target, entries, count);
    return true;
  }

  private long ofChild(long entry, long kept, long source) {
    if (Pte.isPresent(entry)) {
      return entry & kept;
    }
    return Pte.isNone(entry) ? entry : absent(entry, source);
  }

  /**
   * Takes the write right from the parent's entries, where a store is private.
   *
   * @param settled whether all are present and the processor sets nothing more in them
   */
  private void protect(int count, long source, long start, boolean settled) {
    int first = 0;
    int last = count - 1;
    while (first < count && !isWritable(entries[first])) {
      first++;
    }
    while (last >= first && !isWritable(entries[last])) {
      last--;
    }
    if (first == count) {
      return;
    }
    PageTables tables = parent.tables();
    if (settled) {
      for (int i = 0; i < count; i++) {
        entries[i] = Pte.readOnly(entries[i]);
      }
      tables.write(source, entries, count);
    } else {
      for (int i = first; i <= last; i++) {
        if (isWritable(entries[i])) {
          entries[i] = tables.protect(source + (long) i * Long.BYTES, entries[i]);
        }
      }
    }
    long lostFrom = start + first * PageTables.PAGE_BYTES;
    parent.token().range(parent, lostFrom, start + (last + 1) * PageTables.PAGE_BYTES);
  }

  private static boolean isWritable(long entry) {
    return Pte.isWritable(entry) && Pte.isPresent(entry);
  }

  /** A guard is inherited; a slot of swap gets one owner more and belongs to nobody alone. */
  private long absent(long entry, long source) {
    if (Pte.isMarker(entry)) {
      return entry;
    }
    parent.kernel().swap().duplicate(entry);
    long shared = Pte.swapShared(entry);
    parent.tables().write(source, shared);
    return shared;
  }
}
