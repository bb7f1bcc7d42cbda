package dev.pagewalk.kernel;

import java.util.List;

/**
 * {@code mlock}, {@code munlock} and their kin.
 *
 * <p>MODEL: RLIMIT_MEMLOCK binds nobody, as for root.
 */
final class Mlock {
  private Mlock() {}

  /** Marks a range locked with {@code flags} and brings it in. */
  static long lock(AddressSpace mm, long address, long length, long flags) {
    long start = PageTables.pageOf(address);
    long end = start + SystemCalls.roundUp(length + (address & 0xfff));
    long result = apply(mm, start, end, flags);
    if (result < 0) {
      return result;
    }
    long populated = Populate.range(mm, start, end);
    if (populated == Errno.EFAULT.result()) {
      return Errno.ENOMEM.result();
    }
    return populated == Errno.ENOMEM.result() ? Errno.EAGAIN.result() : populated;
  }

  static long unlock(AddressSpace mm, long address, long length) {
    long start = PageTables.pageOf(address);
    return apply(mm, start, start + SystemCalls.roundUp(length + (address & 0xfff)), 0);
  }

  /** As mlockall(); what cannot be brought in is left out. */
  static long lockAll(AddressSpace mm, int flags) {
    int known = MlockallFlag.CURRENT | MlockallFlag.FUTURE | MlockallFlag.ONFAULT;
    if (flags == 0 || (flags & ~known) != 0 || flags == MlockallFlag.ONFAULT) {
      return Errno.EINVAL.result();
    }
    long lock = (flags & MlockallFlag.ONFAULT) != 0 ? VmFlag.LOCKED_MASK : VmFlag.LOCKED;
    mm.defaultFlags = (flags & MlockallFlag.FUTURE) != 0 ? lock : 0;
    if ((flags & MlockallFlag.CURRENT) != 0) {
      setAll(mm, lock);
      Populate.ignoringErrors(mm, 0, PageTables.USER_END);
    }
    return 0;
  }

  static long unlockAll(AddressSpace mm) {
    mm.defaultFlags = 0;
    setAll(mm, 0);
    SafePoint.unlocked(mm.kernel());
    return 0;
  }

  /** As apply_mlockall_flags(), to what is mapped. */
  private static void setAll(AddressSpace mm, long lock) {
    for (Vma vma : mm.vmas().all()) {
      if (mm.vmas().at(vma.start) == vma) {
        set(vma, vma.start, vma.end, lock);
      }
    }
  }

  /** As mlock_fixup(): explicit huge pages are never locked. */
  private static void set(Vma vma, long start, long end, long lock) {
    if (vma.has(VmFlag.HUGETLB)) {
      return;
    }
    // As mlock_vma_pages_range().
    if (vma.has(VmFlag.LOCKED) != (lock != 0)) {
      vma.mm.kernel().folios().batches().drain();
    }
    vma.mm.modify(vma, start, end, (vma.flags() & ~VmFlag.LOCKED_MASK) | lock);
  }

  /** Changes the lock of what is mapped up to the first gap; a gap is ENOMEM. */
  private static long apply(AddressSpace mm, long start, long end, long flags) {
    if (Long.compareUnsigned(end, start) < 0) {
      return Errno.EINVAL.result();
    }
    if (end < 0 || start < 0) {
      // All mappings end below: the range has a gap.
      long result = start < 0 ? 0 : apply(mm, start, PageTables.USER_END, flags);
      return result < 0 ? result : Errno.ENOMEM.result();
    }
    if (end == start) {
      return 0;
    }
    long at = start;
    List<Vma> vmas = mm.vmas().in(start, end);
    for (Vma vma : vmas) {
      if (vma.start > at) {
        return Errno.ENOMEM.result();
      }
      long to = Math.min(vma.end, end);
      set(vma, at, to, flags);
      at = to;
    }
    if (flags == 0) {
      SafePoint.unlocked(mm.kernel());
    }
    return at < end ? Errno.ENOMEM.result() : 0;
  }
}
