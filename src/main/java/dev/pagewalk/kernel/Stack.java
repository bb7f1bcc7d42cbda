package dev.pagewalk.kernel;

/** Growth of mappings that grow down. */
final class Stack {
  /** Below this no mapping can grow: vm.mmap_min_addr. */
  private static final long LOWEST = 0x10000;

  private Stack() {}

  /**
   * Extends {@code vma} down to {@code address}, as expand_stack().
   *
   * <p>Between it and an accessible mapping below, the guard gap stays free, unless that one grows
   * down too.
   *
   * @param address of a page below {@code vma}
   * @return whether it could
   */
  static boolean grow(Vma vma, long address) {
    if (!vma.has(VmFlag.GROWSDOWN) || address < LOWEST) {
      return false;
    }
    AddressSpace mm = vma.mm;
    Vma below = mm.vmas().previous(vma);
    if (below != null
        && !below.has(VmFlag.GROWSDOWN)
        && below.isAccessible()
        && address - below.end < mm.kernel().options().stackGuardGapBytes()) {
      return false;
    }
    mm.kernel().reverseMap().prepare(vma);
    long pages = (vma.start - address) >> 12;
    boolean allowed =
        pages <= vma.pgoff
            && mm.limits().mayExpand(vma.flags(), pages)
            && (!vma.has(VmFlag.ACCOUNT) || Overcommit.allows(mm, pages))
            && vma.end - address <= mm.limits().get(Rlimit.STACK);
    if (allowed) {
      mm.moveStart(vma, address);
    }
    return allowed;
  }
}
