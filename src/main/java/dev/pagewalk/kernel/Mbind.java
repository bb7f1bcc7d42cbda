package dev.pagewalk.kernel;

import java.util.List;

/**
 * {@code mbind}: gives the mappings of a range a policy for the pages to come.
 *
 * <p>MODEL: mappings of explicit huge pages have the policy and do not heed it.
 *
 * <p>MODEL: MOVE and MOVE_ALL move nothing; with STRICT, what lies elsewhere is EIO after the
 * policy is set, as where Linux cannot move it.
 */
final class Mbind {
  private final AddressSpace mm;
  private final long start;
  private final long end;

  /** What is set; null: none. */
  private final Mempolicy policy;

  private Mbind(AddressSpace mm, long start, long end, Mempolicy policy) {
    this.mm = mm;
    this.start = start;
    this.end = end;
    this.policy = policy;
  }

  /** As do_mbind(). */
  static long mbind(AddressSpace mm, long start, long length, MbindRequest request) {
    int known = MbindRequest.STRICT | MbindRequest.MOVE | MbindRequest.MOVE_ALL;
    int mode = request.policy().mode();
    if (mode < 0
        || mode > Mempolicy.PREFERRED_MANY
        || (request.flags() & ~known) != 0
        || (start & 0xfff) != 0) {
      return Errno.EINVAL.result();
    }
    long end = start + SystemCalls.roundUp(length);
    if (Long.compareUnsigned(end, start) < 0) {
      return Errno.EINVAL.result();
    }
    if (end == start) {
      return 0;
    }
    Mempolicy checked = request.policy().checked(mm.kernel().folios().numa().memory());
    if (checked == null) {
      return Errno.EINVAL.result();
    }
    if (start < 0) {
      return Errno.EFAULT.result();
    }
    boolean none = checked.mode() == Mempolicy.DEFAULT;
    int flags = none ? request.flags() & ~MbindRequest.STRICT : request.flags();
    long last = end < 0 ? Long.MAX_VALUE : end;
    Mbind call = new Mbind(mm, start, last, none ? null : checked);
    return call.run(flags, request.policy().nodes());
  }

  /**
   * Sets the policy.
   *
   * @param nodes on which pages may lie without being misplaced
   */
  private long run(int flags, long nodes) {
    List<Vma> vmas = mm.vmas().in(start, end);
    if (vmas.isEmpty() || (policy != null && hasGap(vmas))) {
      return Errno.EFAULT.result();
    }
    boolean isMisplaced = (flags & MbindRequest.STRICT) != 0 && isMisplaced(vmas, nodes);
    if (isMisplaced && flags == MbindRequest.STRICT) {
      return Errno.EIO.result();
    }
    for (Vma vma : vmas) {
      if (!set(vma)) {
        return Errno.EINVAL.result();
      }
    }
    return isMisplaced ? Errno.EIO.result() : 0;
  }

  /** Whether a page of the range lies on another node. */
  private boolean isMisplaced(List<Vma> vmas, long nodes) {
    for (Vma vma : vmas) {
      long last = Math.min(end, vma.end);
      long at = Math.max(start, vma.start);
      while (at < last) {
        long next = mm.endOfNothing(at);
        if (next == at && isMisplaced(at, nodes)) {
          return true;
        }
        at = next == at ? at + PageTables.PAGE_BYTES : next;
      }
    }
    return false;
  }

  private boolean isMisplaced(long address, long nodes) {
    PageView page = mm.page(address);
    return page.kind() == PageView.Kind.PRESENT
        && !page.zero()
        && (nodes >>> mm.kernel().folios().numa().nodeOf(page.frame()) & 1) == 0;
  }

  private boolean hasGap(List<Vma> vmas) {
    long at = start;
    for (Vma vma : vmas) {
      if (vma.start > at) {
        return true;
      }
      at = vma.end;
    }
    return at < end;
  }

  /** As mbind_range(). A VMA that joined the one before it has gone with it. */
  private boolean set(Vma vma) {
    Vma there = mm.vmas().at(Math.max(start, vma.start));
    long from = Math.max(start, there.start);
    long to = Math.min(end, there.end);
    Vma changed = mm.modify(there, VmaMerge.Range.of(there, from, to).with(policy));
    if (changed == null) {
      return false;
    }
    if (changed.file != null && changed.file.policies() != null) {
      changed.file.policies().set(changed.pgoffOf(from), changed.pgoffOf(to), policy);
    }
    return true;
  }
}
