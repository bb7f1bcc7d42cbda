package dev.pagewalk.arch;

/** The one bit of RFLAGS that paging reads. Source: SDM 1 "EFLAGS Register". */
public final class Rflags {
  /** Alignment check; at CPL 0 to 2 with CR4.SMAP it lets explicit accesses reach user pages. */
  public static final long AC = 1L << 18;

  private Rflags() {}
}
