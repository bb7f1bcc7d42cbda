package dev.pagewalk.kernel;

/** {@code mprotect} and {@code pkey_mprotect}. */
final class Mprotect {
  private final AddressSpace mm;
  private final int prot;
  private final int key;

  /**
   * A change of rights.
   *
   * @param prot of {@link Prot}
   * @param key protection key, -1 to leave it
   */
  Mprotect(AddressSpace mm, int prot, int key) {
    this.mm = mm;
    this.prot = prot;
    this.key = key;
  }

  /** As do_mprotect_pkey(): changes what is mapped up to the first gap; a gap is ENOMEM. */
  long range(long address, long length) {
    int grows = prot & (Prot.GROWSDOWN | Prot.GROWSUP);
    int known = Prot.READ | Prot.WRITE | Prot.EXEC | 8;
    if (grows == (Prot.GROWSDOWN | Prot.GROWSUP) || (address & 0xfff) != 0) {
      return Errno.EINVAL.result();
    }
    if (length == 0) {
      return 0;
    }
    long end = address + SystemCalls.roundUp(length);
    if (Long.compareUnsigned(end, address) <= 0) {
      return Errno.ENOMEM.result();
    }
    if ((prot & ~grows & ~known) != 0 || (key != -1 && !Pkeys.has(mm, key))) {
      return Errno.EINVAL.result();
    }
    Vma first = address < 0 ? null : mm.vmas().atOrAfter(address);
    // What ends in the upper half ends behind all mappings.
    long last = end < 0 ? Long.MAX_VALUE : end;
    if (first == null || first.start >= last) {
      return Errno.ENOMEM.result();
    }
    if (grows == Prot.GROWSDOWN) {
      return first.has(VmFlag.GROWSDOWN) ? parts(first.start, last) : Errno.EINVAL.result();
    }
    if (first.start > address) {
      return Errno.ENOMEM.result();
    }
    return grows == Prot.GROWSUP ? Errno.EINVAL.result() : parts(address, last);
  }

  private long parts(long start, long end) {
    long at = start;
    for (Vma vma : mm.vmas().in(start, end)) {
      if (vma.start > at) {
        return Errno.ENOMEM.result();
      }
      long to = Math.min(vma.end, end);
      long result = part(vma, at, to);
      if (result < 0) {
        return result;
      }
      at = to;
    }
    return at < end ? Errno.ENOMEM.result() : 0;
  }

  /** As mprotect_fixup(). */
  private long part(Vma vma, long start, long end) {
    long old = vma.flags();
    int newKey = key == -1 ? Pkeys.afterMprotect(vma, prot) : key;
    long flags = old & ~(VmFlag.ACCESS | VmFlag.PKEY);
    flags |= (prot & VmFlag.ACCESS) | Pkeys.flags(newKey);
    if ((flags & ~(flags >>> 4) & VmFlag.ACCESS) != 0) {
      return Errno.EACCES.result();
    }
    if (vma.has(VmFlag.SEALED)) {
      return Errno.EPERM.result();
    }
    if (flags == old) {
      return 0;
    }
    long pages = (end - start) >> 12;
    long exempt = VmFlag.ACCOUNT | VmFlag.WRITE | VmFlag.HUGETLB | VmFlag.SHARED | VmFlag.NORESERVE;
    if ((flags & VmFlag.WRITE) != 0) {
      if (!mm.limits().mayExpand(flags, pages) && mm.limits().mayExpand(old, pages)) {
        return Errno.ENOMEM.result();
      }
      boolean promised = (old & exempt) == 0;
      if (promised && !Overcommit.allows(mm, pages)) {
        return Errno.ENOMEM.result();
      }
      flags |= promised ? VmFlag.ACCOUNT : 0;
    } else if (vma.isAnonymous() && vma.anonVma == null) {
      flags &= ~VmFlag.ACCOUNT;
    }
    Vma changed = mm.modify(vma, start, end, flags);
    if (changed == null) {
      return Errno.EINVAL.result();
    }
    new Protection(changed).change(start, end);
    boolean wasLockedReadOnly =
        (old & (VmFlag.WRITE | VmFlag.SHARED | VmFlag.LOCKED)) == VmFlag.LOCKED;
    if (wasLockedReadOnly && (flags & VmFlag.WRITE) != 0) {
      Populate.vma(changed, start, end);
    }
    return 0;
  }
}
