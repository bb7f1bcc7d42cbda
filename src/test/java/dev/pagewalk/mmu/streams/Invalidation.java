package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Level;

/**
 * Something that dropped cached entries, as far as the MMU's rules promise it. Source: SDM 3A
 * "Operations that Invalidate TLBs and Paging-Structure Caches".
 *
 * @param time of the operation
 * @param kind which entries
 * @param pcid the PCID concerned, or {@link #ALL}
 * @param linearAddress the address concerned, if any
 */
record Invalidation(long time, Kind kind, int pcid, long linearAddress) {
  /** Every PCID. */
  static final int ALL = -1;

  /** What is dropped. */
  enum Kind {
    /** INVLPG: the page under this PCID and global ones, all paging-structure caches of it. */
    PAGE,
    /** A page fault: the page under this PCID and global ones, what is used for the address. */
    FAULT,
    /** INVPCID type 0: the page under this PCID, what is used for the address; no global ones. */
    PCID_ADDRESS,
    /** Everything of the PCID but global entries. */
    PCID,
    /** Everything of the PCID, and global entries of all. */
    PCID_AND_GLOBALS
  }

  /**
   * Whether it drops TLB entries of {@code page}, filled under {@code owner}.
   *
   * @param page a linear address within the page
   * @param level of the entry that maps the page
   */
  boolean dropsPage(int owner, boolean global, long page, Level level) {
    boolean pcidMatches = pcid == ALL || pcid == owner;
    boolean within = (linearAddress ^ page) >>> level.shift() == 0;
    return switch (kind) {
      case PAGE, FAULT -> within && (global || pcidMatches);
      case PCID_ADDRESS -> within && !global && pcidMatches;
      case PCID -> !global && pcidMatches;
      case PCID_AND_GLOBALS -> global || pcidMatches;
    };
  }

  /** Whether it drops cached entries of {@code level} that are used for {@code address}. */
  boolean dropsTable(int owner, long address, Level level) {
    boolean within = (linearAddress ^ address) >>> level.shift() == 0;
    boolean everyAddress = kind != Kind.FAULT && kind != Kind.PCID_ADDRESS;
    return (pcid == ALL || pcid == owner) && (everyAddress || within);
  }
}
