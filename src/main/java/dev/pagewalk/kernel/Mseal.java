package dev.pagewalk.kernel;

/** {@code mseal}: a range whose mappings can no longer be changed. */
final class Mseal {
  private Mseal() {}

  /** Seals all or, where there is a gap, nothing. */
  static long mseal(AddressSpace mm, long address, long length) {
    long end = address + SystemCalls.roundUp(length);
    boolean isTooLong = length != 0 && SystemCalls.roundUp(length) == 0;
    if ((address & 0xfff) != 0 || isTooLong || Long.compareUnsigned(end, address) < 0) {
      return Errno.EINVAL.result();
    }
    if (end < 0) {
      // All mappings end below: the range has a gap.
      return Errno.ENOMEM.result();
    }
    long covered = address;
    for (Vma vma : mm.vmas().in(address, end)) {
      if (vma.start > covered) {
        return Errno.ENOMEM.result();
      }
      covered = vma.end;
    }
    if (covered < end) {
      return Errno.ENOMEM.result();
    }
    for (Vma vma : mm.vmas().in(address, end)) {
      long start = Math.max(vma.start, address);
      long flags = vma.flags() | VmFlag.SEALED;
      if (mm.modify(vma, start, Math.min(vma.end, end), flags) == null) {
        return Errno.EINVAL.result();
      }
    }
    return 0;
  }
}
