package dev.pagewalk.kernel;

import java.util.List;

/** {@code munmap}, and the end of a process. */
final class Unmap {
  private Unmap() {}

  /** As do_munmap(). */
  static long munmap(AddressSpace mm, long start, long length) {
    if ((start & 0xfff) != 0
        || start < 0
        || start > PageTables.USER_END
        || Long.compareUnsigned(length, PageTables.USER_END - start) > 0) {
      return Errno.EINVAL.result();
    }
    long end = start + SystemCalls.roundUp(length);
    return end == start ? Errno.EINVAL.result() : range(mm, start, end);
  }

  /** Unmaps the pages of {@code [start, end)}; 0, or why not. */
  static long range(AddressSpace mm, long start, long end) {
    long result = cut(mm, start, end);
    if (result == 0) {
      whole(mm, start, end);
    }
    return result;
  }

  /**
   * Cuts what is mapped at both ends, as vms_gather_munmap_vmas(); 0, or why the range cannot be
   * unmapped. A seal further on refuses all, but what was cut before it was met stays cut.
   */
  static long cut(AddressSpace mm, long start, long end) {
    for (Vma vma : mm.vmas().in(start, end)) {
      if (vma.has(VmFlag.SEALED)) {
        return Errno.EPERM.result();
      }
      Vma inside = vma;
      if (vma.start < start) {
        if (!vma.maySplit(start)) {
          return Errno.EINVAL.result();
        }
        inside = mm.split(vma, start);
      }
      if (inside.end > end) {
        if (!inside.maySplit(end)) {
          return Errno.EINVAL.result();
        }
        mm.split(inside, end);
      }
    }
    return 0;
  }

  /** Unmaps {@code [start, end)}, which begins and ends in no mapping. */
  static void whole(AddressSpace mm, long start, long end) {
    List<Vma> vmas = mm.vmas().in(start, end);
    if (vmas.isEmpty()) {
      return;
    }
    for (Vma vma : vmas) {
      Zap.range(vma, vma.start, vma.end, Zap.Mode.UNMAP);
      mm.unlink(vma);
    }
    freeTables(mm, start, end);
  }

  /** Frees the page tables of a range in which nothing is mapped any more. */
  static void freeTables(AddressSpace mm, long start, long end) {
    Vma before = mm.vmas().before(start);
    Vma after = mm.vmas().atOrAfter(end);
    long floor = before == null ? 0 : before.end;
    long ceiling = after == null ? Long.MAX_VALUE : after.start;
    mm.tables().free(new Span(mm, start, end), floor, ceiling, mm.token());
  }

  /** Ends a process: what it mapped, its tables, their root. */
  static void all(AddressSpace mm) {
    List<Vma> vmas = mm.vmas().all();
    for (Vma vma : vmas) {
      Zap.range(vma, vma.start, vma.end, Zap.Mode.UNMAP);
      mm.unlink(vma);
    }
    if (!vmas.isEmpty()) {
      freeTables(mm, vmas.getFirst().start, vmas.getLast().end);
    }
    mm.tables().freeRoot(mm, mm.token());
  }
}
