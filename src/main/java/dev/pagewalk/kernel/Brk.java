package dev.pagewalk.kernel;

/** {@code brk}: the end of the heap. */
final class Brk {
  private static final long FLAGS =
      VmFlag.READ
          | VmFlag.WRITE
          | VmFlag.MAYREAD
          | VmFlag.MAYWRITE
          | VmFlag.MAYEXEC
          | VmFlag.ACCOUNT;

  private Brk() {}

  /** Moves the break to {@code to}, or leaves it; returns where it is. */
  static long brk(AddressSpace mm, long to) {
    if (to < mm.brkStart || to - mm.brkStart > mm.limits().get(Rlimit.DATA)) {
      return mm.brk;
    }
    long wanted = SystemCalls.roundUp(to);
    long current = SystemCalls.roundUp(mm.brk);
    boolean done =
        wanted == current
            || (wanted < current ? shrink(mm, wanted, current) : grow(mm, current, wanted));
    if (done) {
      mm.brk = to;
    }
    if (done && wanted > current && (mm.defaultFlags & VmFlag.LOCKED) != 0) {
      Populate.ignoringErrors(mm, current, wanted);
    }
    return mm.brk;
  }

  private static boolean shrink(AddressSpace mm, long to, long from) {
    return mm.vmas().firstIn(to, from) != null && Unmap.range(mm, to, from) == 0;
  }

  /** A page, and what a stack wants below it, stays free between the heap and what follows. */
  private static boolean grow(AddressSpace mm, long from, long to) {
    if (to < 0 || to > PageTables.USER_END) {
      return false;
    }
    Vma next = mm.vmas().atOrAfter(from);
    long gap = mm.kernel().options().stackGuardGapBytes();
    if (next != null && to + PageTables.PAGE_BYTES > next.start - (growsDown(next) ? gap : 0)) {
      return false;
    }
    long flags = FLAGS | mm.defaultFlags;
    long pages = (to - from) >> 12;
    if (!mm.limits().mayExpand(flags, pages) || !Overcommit.allows(mm, pages)) {
      return false;
    }
    var range = new VmaMerge.Range(from, to, from >> 12, flags, null, null);
    Vma previous = mm.vmas().before(from);
    boolean heap = previous != null && previous.end > mm.brkStart;
    if (!heap || !VmaMerge.extend(previous, range)) {
      Vma vma = new Vma(mm, from, to, null);
      vma.pgoff = from >> 12;
      vma.setFlags(flags);
      mm.link(vma);
    }
    return true;
  }

  private static boolean growsDown(Vma vma) {
    return vma.has(VmFlag.GROWSDOWN);
  }
}
