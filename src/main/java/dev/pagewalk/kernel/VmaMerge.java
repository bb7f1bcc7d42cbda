package dev.pagewalk.kernel;

import java.util.Objects;

/**
 * Linux's rules for joining VMAs: equal rights and flags, one object, adjoining offsets, and pages
 * that one reverse map finds.
 */
final class VmaMerge {
  /**
   * What is to become of a range.
   *
   * @param start first address
   * @param end the address after the last
   * @param pgoff page offset of the start
   * @param flags of {@link VmFlag}
   * @param file the object, null for private anonymous memory
   * @param policy where its pages are to come from, null if it does not say
   */
  record Range(long start, long end, long pgoff, long flags, FileObject file, Mempolicy policy) {

    /** {@code [start, end)} of {@code vma} with other flags. */
    static Range of(Vma vma, long start, long end, long flags) {
      return new Range(start, end, vma.pgoffOf(start), flags, vma.file, vma.policy);
    }

    /** {@code [start, end)} of {@code vma} as it is. */
    static Range of(Vma vma, long start, long end) {
      return of(vma, start, end, vma.flags());
    }

    /** This with another policy. */
    Range with(Mempolicy other) {
      return new Range(start, end, pgoff, flags, file, other);
    }

    /** Whether {@code vma} has these flags and this policy. */
    boolean isLike(Vma vma) {
      return flags == vma.flags() && Objects.equals(policy, vma.policy);
    }

    private long endPgoff() {
      return pgoff + ((end - start) >> 12);
    }
  }

  private VmaMerge() {}

  /**
   * Makes a new range part of its neighbours, where nothing is mapped now.
   *
   * @param source whose pages move there, or null for a mapping without pages
   * @return the VMA that has it now, or null if it must be a VMA of its own
   */
  static Vma newRange(AddressSpace mm, Range range, Vma source) {
    Vma previous = mm.vmas().before(range.start());
    Vma next = mm.vmas().atOrAfter(range.start());
    AnonVma anonVma = source == null ? null : source.anonVma;
    boolean left = canFollow(previous, range) && anonAllows(previous, anonVma, source);
    boolean right = canPrecede(range, next) && anonAllows(next, anonVma, source);
    if (left && right && compatible(previous.anonVma, next.anonVma)) {
      mm.stickTo(previous, range.flags() | next.flags());
      takeAnonVma(previous, next);
      long end = next.end;
      mm.unlink(next);
      previous.end = end;
      return previous;
    }
    if (left) {
      mm.stickTo(previous, range.flags());
      previous.end = range.end();
      return previous;
    }
    if (right) {
      mm.stickTo(next, range.flags());
      mm.moveStart(next, range.start());
      return next;
    }
    return null;
  }

  /** Makes a new range part of {@code previous}, which ends where it starts, if that may be. */
  static boolean extend(Vma previous, Range range) {
    if (!canFollow(previous, range) || !anonAllows(previous, null, null)) {
      return false;
    }
    previous.end = range.end();
    return true;
  }

  /**
   * Makes a part of {@code vma} part of its neighbours, because its flags are to change.
   *
   * @return the VMA that has it now, or null if nothing was joined
   */
  static Vma existing(Vma vma, Range range) {
    AddressSpace mm = vma.mm;
    Vma previous = range.start() == vma.start ? mm.vmas().previous(vma) : null;
    Vma next = range.end() == vma.end ? mm.vmas().next(vma) : null;
    boolean left = canFollow(previous, range) && anonAllows(previous, vma.anonVma, vma);
    boolean right =
        canPrecede(range, next)
            && anonAllows(next, vma.anonVma, vma)
            && (!left || compatible(previous.anonVma, next.anonVma));
    if (left && right) {
      mm.stickTo(previous, range.flags() | next.flags());
      takeAnonVma(previous, next.anonVma != null ? next : vma);
      long end = next.end;
      mm.unlink(next);
      mm.unlink(vma);
      previous.end = end;
      return previous;
    }
    if (left) {
      mm.stickTo(previous, range.flags());
      takeAnonVma(previous, vma);
      cutHead(vma, range.end());
      previous.end = range.end();
      return previous;
    }
    if (right) {
      mm.stickTo(next, range.flags());
      takeAnonVma(next, vma);
      cutTail(vma, range.start());
      mm.moveStart(next, range.start());
      return next;
    }
    return null;
  }

  private static void cutHead(Vma vma, long to) {
    if (to == vma.end) {
      vma.mm.unlink(vma);
    } else {
      HugePages.splitAt(vma, to);
      vma.mm.moveStart(vma, to);
    }
  }

  private static void cutTail(Vma vma, long from) {
    if (from == vma.start) {
      vma.mm.unlink(vma);
    } else {
      HugePages.splitAt(vma, from);
      vma.end = from;
    }
  }

  private static boolean canFollow(Vma previous, Range range) {
    return previous != null
        && previous.end == range.start()
        && likes(previous, range)
        && (previous.pgoff + previous.pages() == range.pgoff());
  }

  private static boolean canPrecede(Range range, Vma next) {
    return next != null
        && next.start == range.end()
        && likes(next, range)
        && next.pgoff == range.endPgoff();
  }

  private static boolean likes(Vma vma, Range range) {
    return ((vma.flags() ^ range.flags()) & ~VmFlag.STICKY) == 0
        && vma.file == range.file()
        && Objects.equals(vma.policy, range.policy())
        && !vma.has(VmFlag.DONTEXPAND);
  }

  /** Whether {@code target} may take in a range whose pages are born in {@code anonVma}. */
  private static boolean anonAllows(Vma target, AnonVma anonVma, Vma source) {
    if (target.anonVma == null && anonVma != null) {
      return source == null || !source.isForkChild();
    }
    if (target.anonVma != null && anonVma == null) {
      return !target.isForkChild();
    }
    return target.anonVma == anonVma;
  }

  private static boolean compatible(AnonVma a, AnonVma b) {
    return a == null || b == null || a == b;
  }

  /** Gives {@code to} the reverse map of {@code from} if it has none of its own. */
  private static void takeAnonVma(Vma to, Vma from) {
    if (from.anonVma != null && to.anonVma == null) {
      AnonVma.clone(to, from);
      from.anonVma.activateFor(to);
    }
  }

  /**
   * The reverse map in which the first anonymous page of {@code vma} is to be born: that of a
   * neighbour, if the two might one day be joined, or null.
   */
  static AnonVma ofNeighbour(Vma vma) {
    Vma next = vma.mm.vmas().next(vma);
    AnonVma found = reusable(next, vma, next);
    if (found != null) {
      return found;
    }
    Vma previous = vma.mm.vmas().previous(vma);
    return reusable(previous, previous, vma);
  }

  private static AnonVma reusable(Vma from, Vma left, Vma right) {
    if (from == null || from.anonVma == null || from.chain().size() != 1) {
      return null;
    }
    long apart = VmFlag.ACCESS | VmFlag.STICKY;
    boolean alike =
        left.end == right.start
            && left.file == right.file
            && Objects.equals(left.policy, right.policy)
            && ((left.flags() ^ right.flags()) & ~apart) == 0
            && right.pgoff == left.pgoff + left.pages();
    return alike ? from.anonVma : null;
  }
}
