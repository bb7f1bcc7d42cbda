package dev.pagewalk.kernel;

import java.util.List;

/** Where a mapping goes that names no place: from the top down, as without randomisation. */
final class UnmappedArea {
  /** Below the stack and its gap. */
  private static final long TOP = 0x7fff_f7ff_f000L;

  private static final long LOWEST = 0x10000;

  private UnmappedArea() {}

  /** A place for {@code length} bytes, at {@code hint} if it is free; negative if there is none. */
  static long find(AddressSpace mm, long hint, long length, long alignment) {
    long wanted = PageTables.pageOf(hint);
    if (wanted >= LOWEST && wanted <= PageTables.USER_END - length && fits(mm, wanted, length)) {
      return wanted;
    }
    List<Vma> vmas = mm.vmas().all();
    long top = TOP;
    for (int i = vmas.size() - 1; i >= -1; i--) {
      long bottom = i < 0 ? LOWEST : vmas.get(i).end;
      long place = top - length & -alignment;
      if (place >= bottom && top >= bottom + length) {
        return place;
      }
      if (i >= 0) {
        top = Math.min(top, startWithGap(vmas.get(i)));
      }
    }
    return Errno.ENOMEM.result();
  }

  private static boolean fits(AddressSpace mm, long start, long length) {
    Vma next = mm.vmas().atOrAfter(start);
    return next == null || start + length <= startWithGap(next);
  }

  /** What a mapping that grows down wants free below it belongs to it. */
  private static long startWithGap(Vma vma) {
    long gap = vma.has(VmFlag.GROWSDOWN) ? vma.mm.kernel().options().stackGuardGapBytes() : 0;
    return Math.max(0, vma.start - gap);
  }
}
