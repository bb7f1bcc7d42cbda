package dev.pagewalk.kernel;

/** The copy of an address space, as dup_mmap(): VMAs, entries, and what both share from now on. */
final class Fork {
  private final AddressSpace parent;
  private final AddressSpace child;
  private final FrameTable frames;

  /** Addresses of the page table being copied whose entries have lost a right. */
  private long lostFrom;

  private long lostTo;

  private Fork(AddressSpace parent, AddressSpace child) {
    this.parent = parent;
    this.child = child;
    this.frames = parent.kernel().folios().frames();
  }

  /** A child of {@code parent}; null if there is no memory, and nothing is left of it then. */
  static AddressSpace fork(AddressSpace parent) {
    Kernel kernel = parent.kernel();
    kernel.folios().batch().drain();
    AddressSpace child = kernel.create();
    if (child == null) {
      return null;
    }
    child.inherit(parent);
    Fork fork = new Fork(parent, child);
    for (Vma vma : parent.vmas().all()) {
      if (!vma.has(VmFlag.DONTCOPY) && !fork.copy(vma)) {
        kernel.forget(child);
        return null;
      }
    }
    return child;
  }

  private boolean copy(Vma vma) {
    Vma copy = vma.copyFor(child);
    copy.setFlags(vma.flags() & ~VmFlag.LOCKED_MASK);
    boolean wiped = vma.has(VmFlag.WIPEONFORK);
    if (!wiped) {
      parent.kernel().reverseMap().fork(copy, vma);
    }
    child.link(copy);
    boolean hasEntries = vma.anonVma != null || vma.has(VmFlag.MAYBE_GUARD);
    return wiped || !hasEntries || entries(copy, vma);
  }

  private boolean entries(Vma copy, Vma vma) {
    PageTables from = parent.tables();
    long next;
    for (long address = vma.start; address < vma.end; address = next) {
      next = Math.min(PageTables.nextAt(address, PageTables.PMD), vma.end);
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
    lostFrom = end;
    lostTo = start;
    for (long address = start; address < end; address += PageTables.PAGE_BYTES) {
      long entry = from.read(source);
      if (Pte.isPresent(entry)) {
        to.write(target, present(vma, address, source, entry));
      } else if (!Pte.isNone(entry)) {
        to.write(target, absent(entry, source));
      }
      source += Long.BYTES;
      target += Long.BYTES;
    }
    parent.token().range(parent, lostFrom, lostTo);
    return true;
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

  /** A frame gets one entry more; if it may be written privately, both lose the right. */
  private long present(Vma vma, long address, long source, long seen) {
    frames.share(Pte.pfn(seen));
    long entry = seen;
    if (Pte.isWritable(seen) && vma.isCow()) {
      entry = parent.tables().protect(source, seen);
      lostFrom = Math.min(lostFrom, address);
      lostTo = address + PageTables.PAGE_BYTES;
    }
    return Pte.old(vma.has(VmFlag.SHARED) ? Pte.clean(entry) : entry);
  }
}
