package dev.pagewalk.kernel;

/** Brings pages in for a system call, as get_user_pages() does: without the hardware. */
final class Populate {
  /** How pages are brought in: to be written. */
  private static final int WRITE = 1;

  /** By one who tries the same fault again after it had to wait (FOLL_TRIED): that is major. */
  private static final int INSIST = 2;

  private Populate() {}

  /** As __mm_populate() for {@code mmap} and {@code brk}: what fails is left out. */
  static void ignoringErrors(AddressSpace mm, long start, long end) {
    for (Vma vma : mm.vmas().in(start, end)) {
      vma(vma, Math.max(vma.start, start), Math.min(vma.end, end));
    }
  }

  /** As __mm_populate() for {@code mlock}: 0, or the first error. */
  static long range(AddressSpace mm, long start, long end) {
    for (Vma vma : mm.vmas().in(start, end)) {
      long result = vma(vma, Math.max(vma.start, start), Math.min(vma.end, end));
      if (result < 0) {
        return result;
      }
    }
    return 0;
  }

  /** As populate_vma_page_range(): writable where private stores would copy. */
  static long vma(Vma vma, long start, long end) {
    if (vma.has(VmFlag.LOCKONFAULT)) {
      return 0;
    }
    boolean write = vma.has(VmFlag.WRITE) && !vma.has(VmFlag.SHARED);
    return vma.isAccessible() && Pkeys.allows(vma, write)
        ? pages(vma, start, end, write ? WRITE : 0)
        : Errno.EFAULT.result();
  }

  /** As faultin_page_range() for advice POPULATE_READ and POPULATE_WRITE. */
  static long advised(Vma vma, long start, long end, boolean write) {
    return pages(vma, start, end, INSIST | (write ? WRITE : 0));
  }

  /**
   * Faults in what is not there with that right; 0, EFAULT for a page that cannot be had.
   *
   * @param how bits WRITE and INSIST
   */
  private static long pages(Vma vma, long start, long end, int how) {
    long result = faultIn(vma, start, end, how);
    vma.mm.kernel().folios().batches().drain();
    return result;
  }

  private static long faultIn(Vma vma, long start, long end, int how) {
    boolean write = (how & WRITE) != 0;
    boolean insists = (how & INSIST) != 0;
    Kernel kernel = vma.mm.kernel();
    long address = start;
    while (address < end) {
      long entry = present(vma.mm, address);
      boolean there = Pte.isPresent(entry) && (!write || Pte.isWritable(entry));
      if (there) {
        touch(vma, entry, write);
        address = next(vma.mm, address);
        continue;
      }
      int answer = kernel.faults().handleForCall(vma, address, write, insists);
      if ((answer & Fault.OOM) != 0) {
        // Who is being killed gets no further: fatal_signal_pending().
        return (vma.mm.isKilled() ? Errno.EINTR : Errno.ENOMEM).result();
      }
      if ((answer & Fault.ERROR) != 0) {
        return Errno.EFAULT.result();
      }
    }
    return 0;
  }

  private static long present(AddressSpace mm, long address) {
    long huge = HugePages.around(mm, address);
    long slot = huge != PageTables.NONE ? huge : mm.tables().find(address, PageTables.PTE);
    return slot == PageTables.NONE ? 0 : mm.tables().read(slot);
  }

  /** Where the page that is mapped at {@code address} ends. */
  private static long next(AddressSpace mm, long address) {
    long huge = HugePages.around(mm, address);
    int order = 0;
    if (huge != PageTables.NONE) {
      order = mm.kernel().folios().frames().order(Pte.pfn(mm.tables().read(huge)));
    }
    long bytes = PageTables.PAGE_BYTES << order;
    return (address & -bytes) + bytes;
  }

  /** The page counts as used, as with FOLL_TOUCH. */
  private static void touch(Vma vma, long entry, boolean write) {
    Folios folios = vma.mm.kernel().folios();
    long pfn = Pte.pfn(entry);
    if (folios.isZeroPage(pfn)) {
      return;
    }
    if (write && !Pte.isDirty(entry)) {
      folios.set(pfn, FrameTable.DIRTY);
    }
    // A page that is locked is on no list of which it could be an active member.
    if (!vma.has(VmFlag.LOCKED) || !folios.has(pfn, FrameTable.REFERENCED)) {
      folios.markAccessed(pfn);
    }
  }
}
