package dev.pagewalk.kernel;

import java.util.Optional;

/**
 * {@code madvise}: finds the mappings of the range and hands each part to what the advice does.
 *
 * <p>MODEL: MERGEABLE is a flag and nothing more: equal pages are never merged.
 */
final class Madvise {
  private final AddressSpace mm;
  private final Advice advice;

  private Madvise(AddressSpace mm, Advice advice) {
    this.mm = mm;
    this.advice = advice;
  }

  /** As do_madvise(). A gap is ENOMEM, but what is mapped gets the advice. */
  static long madvise(AddressSpace mm, long start, long length, Optional<Advice> advice) {
    long bytes = SystemCalls.roundUp(length);
    if (advice.isEmpty() || (start & 0xfff) != 0 || (length != 0 && bytes == 0)) {
      return Errno.EINVAL.result();
    }
    long end = start + bytes;
    if (Long.compareUnsigned(end, start) < 0) {
      return Errno.EINVAL.result();
    }
    if (end == start) {
      return 0;
    }
    Madvise call = new Madvise(mm, advice.get());
    return switch (advice.get()) {
      case POPULATE_READ -> call.populate(start, end, false);
      case POPULATE_WRITE -> call.populate(start, end, true);
      default -> call.parts(start, end);
    };
  }

  private long parts(long start, long end) {
    long last = end < 0 ? Long.MAX_VALUE : end;
    long at = start;
    long unmapped = 0;
    while (at >= 0 && at < last) {
      Vma vma = mm.vmas().firstIn(at, last);
      if (vma == null) {
        return Errno.ENOMEM.result();
      }
      if (vma.start > at) {
        unmapped = Errno.ENOMEM.result();
        at = vma.start;
      }
      long to = Math.min(vma.end, last);
      long result = part(vma, at, to);
      if (result < 0) {
        return result;
      }
      at = to;
    }
    return at < 0 || at < last ? Errno.ENOMEM.result() : unmapped;
  }

  private long part(Vma vma, long start, long end) {
    if (isSealedAgainst(vma)) {
      return Errno.EPERM.result();
    }
    return switch (advice) {
      case DONTNEED, DONTNEED_LOCKED -> discard(vma, start, end);
      case FREE -> free(vma, start, end);
      case REMOVE -> remove(vma, start, end);
      case WILLNEED -> WillNeed.read(vma, start, end);
      case COLD -> PageOut.cold(vma, start, end);
      case PAGEOUT -> PageOut.putOut(vma, start, end);
      case COLLAPSE -> Collapse.collapse(vma, start, end);
      case GUARD_INSTALL -> Guards.install(vma, start, end);
      case GUARD_REMOVE -> Guards.remove(vma, start, end);
      default -> flags(vma, start, end);
    };
  }

  /** Whether a seal forbids to discard anonymous memory that cannot be written. */
  private boolean isSealedAgainst(Vma vma) {
    boolean discards =
        switch (advice) {
          case FREE, DONTNEED, DONTNEED_LOCKED, REMOVE, DONTFORK, WIPEONFORK, GUARD_INSTALL -> true;
          default -> false;
        };
    boolean written = vma.has(VmFlag.WRITE) && Pkeys.allows(vma, true);
    return discards && vma.has(VmFlag.SEALED) && vma.isAnonymous() && !written;
  }

  // --- advices that are flags of the VMA ---

  private long flags(Vma vma, long start, long end) {
    boolean wipe = advice == Advice.WIPEONFORK;
    if (wipe && (vma.file != null || vma.has(VmFlag.SHARED))) {
      return Errno.EINVAL.result();
    }
    Vma changed = mm.modify(vma, start, end, withAdvice(vma.flags()));
    return changed == null ? Errno.EINVAL.result() : 0;
  }

  private long withAdvice(long flags) {
    return switch (advice) {
      case NORMAL -> flags & ~(VmFlag.RAND_READ | VmFlag.SEQ_READ);
      case RANDOM -> (flags & ~VmFlag.SEQ_READ) | VmFlag.RAND_READ;
      case SEQUENTIAL -> (flags & ~VmFlag.RAND_READ) | VmFlag.SEQ_READ;
      case DONTFORK -> flags | VmFlag.DONTCOPY;
      case DOFORK -> flags & ~VmFlag.DONTCOPY;
      case WIPEONFORK -> flags | VmFlag.WIPEONFORK;
      case KEEPONFORK -> flags & ~VmFlag.WIPEONFORK;
      case DONTDUMP -> flags | VmFlag.DONTDUMP;
      case DODUMP -> flags & ~VmFlag.DONTDUMP;
      case HUGEPAGE -> (flags & ~VmFlag.NOHUGEPAGE) | VmFlag.HUGEPAGE;
      case NOHUGEPAGE -> (flags & ~VmFlag.HUGEPAGE) | VmFlag.NOHUGEPAGE;
      case MERGEABLE -> flags | VmFlag.MERGEABLE;
      case UNMERGEABLE -> flags & ~VmFlag.MERGEABLE;
      default -> throw new IllegalStateException(advice + " is no flag");
    };
  }

  // --- discarding ---

  private long discard(Vma vma, long start, long end) {
    if (vma.isHugetlb()) {
      return discardHugetlb(vma, start, end);
    }
    if (advice != Advice.DONTNEED_LOCKED && vma.has(VmFlag.LOCKED)) {
      return Errno.EINVAL.result();
    }
    Zap.range(vma, start, end, Zap.Mode.DISCARD);
    return 0;
  }

  /** Explicit huge pages, locked or not: those that lie in the range as a whole. */
  private static long discardHugetlb(Vma vma, long start, long end) {
    HugetlbPool pool = vma.file.pool();
    if (!pool.isAligned(start)) {
      return Errno.EINVAL.result();
    }
    HugetlbPages.zap(vma, start, pool.pageOf(end));
    return 0;
  }

  private long free(Vma vma, long start, long end) {
    if (vma.has(VmFlag.LOCKED) || !vma.isAnonymous()) {
      return Errno.EINVAL.result();
    }
    new LazyFree(vma).range(start, end);
    return 0;
  }

  private long remove(Vma vma, long start, long end) {
    if (vma.has(VmFlag.LOCKED) || vma.file == null) {
      return Errno.EINVAL.result();
    }
    if ((vma.flags() & (VmFlag.SHARED | VmFlag.MAYWRITE)) != (VmFlag.SHARED | VmFlag.MAYWRITE)) {
      return Errno.EACCES.result();
    }
    long offset = vma.pgoffOf(start) << 12;
    return FileCalls.punch(mm.kernel(), vma.file, offset, end - start);
  }

  // --- bringing in ---

  /** As madvise_populate(): stops at the first page that cannot be had. */
  private long populate(long start, long end, boolean write) {
    long result = populateAll(start, end, write);
    mm.kernel().folios().batches().drain();
    return result;
  }

  private long populateAll(long start, long end, boolean write) {
    long at = start;
    while (at < end) {
      Vma vma = at < 0 ? null : mm.vmas().at(at);
      if (vma == null) {
        return Errno.ENOMEM.result();
      }
      if (!vma.has(write ? VmFlag.WRITE : VmFlag.READ) || !Pkeys.allows(vma, write)) {
        return Errno.EINVAL.result();
      }
      long to = Math.min(vma.end, end);
      long result = Populate.advised(vma, at, to, write);
      if (result < 0) {
        return result;
      }
      at = to;
    }
    return 0;
  }
}
