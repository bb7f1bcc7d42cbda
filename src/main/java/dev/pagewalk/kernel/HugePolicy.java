package dev.pagewalk.kernel;

/** When anonymous memory gets huge pages: transparent_hugepage/enabled. */
public enum HugePolicy {
  /** Never. */
  NEVER,
  /** Where {@link Advice#HUGEPAGE} was given. */
  MADVISE,
  /** Everywhere, but where {@link Advice#NOHUGEPAGE} was given. */
  ALWAYS;

  /** Whether a huge page may lie at {@code start} of {@code vma}. */
  boolean allows(Vma vma, long start) {
    if (!vma.isAnonymous() || vma.has(VmFlag.NOHUGEPAGE | VmFlag.SHARED)) {
      return false;
    }
    boolean wanted = this == ALWAYS || (this == MADVISE && vma.has(VmFlag.HUGEPAGE));
    return wanted && start >= vma.start && start + PageTables.HUGE_BYTES <= vma.end;
  }
}
