package dev.pagewalk.kernel;

/** {@code msync}: writes shared pages of files back. */
final class Msync {
  private static final int KNOWN = MsyncFlag.ASYNC | MsyncFlag.INVALIDATE | MsyncFlag.SYNC;
  private static final int BOTH = MsyncFlag.ASYNC | MsyncFlag.SYNC;

  private Msync() {}

  /**
   * 0, or why not: a gap is ENOMEM, but the rest is written; locked memory is EBUSY; EIO or ENOSPC
   * if the device does not take them, and what lies behind is not written.
   */
  static long msync(AddressSpace mm, long address, long length, int flags) {
    if ((flags & ~KNOWN) != 0 || (address & 0xfff) != 0 || (flags & BOTH) == BOTH) {
      return Errno.EINVAL.result();
    }
    long end = address + SystemCalls.roundUp(length);
    if (end < address) {
      return Errno.ENOMEM.result();
    }
    long result = 0;
    long at = address;
    while (at < end) {
      Vma vma = mm.vmas().atOrAfter(at);
      if (vma == null || vma.start >= end || (vma.start > at && flags == MsyncFlag.ASYNC)) {
        return Errno.ENOMEM.result();
      }
      if (vma.start > at) {
        result = Errno.ENOMEM.result();
        at = vma.start;
      }
      if ((flags & MsyncFlag.INVALIDATE) != 0 && vma.has(VmFlag.LOCKED)) {
        return Errno.EBUSY.result();
      }
      long to = Math.min(vma.end, end);
      if ((flags & MsyncFlag.SYNC) != 0 && vma.file != null && vma.has(VmFlag.SHARED)) {
        long first = vma.pgoffOf(at);
        long written =
            mm.kernel().pageCache().writeBack(vma.file, first, first + ((to - at) >> 12));
        if (written < 0) {
          return written;
        }
      }
      at = to;
    }
    return result;
  }
}
