package dev.pagewalk.machine;

import java.util.Locale;

/**
 * What an access can spend time on; a {@link CostModel} has a price for each, and a replay counts
 * how often each came up.
 */
public enum Cause {
  /** A look into the first-level TLB: each translation. */
  FIRST_LEVEL("first-level TLB"),
  /** A look into the second-level TLB, after a miss in the first; hit or miss. */
  SECOND_LEVEL("second-level TLB"),
  /** A page walk at a flat price, in models without caches. */
  WALK("page walks"),
  /** A word of a table that was in the first cache. */
  TABLE_L1("table words in the first cache"),
  /** A word of a table that was in the second cache. */
  TABLE_L2("table words in the second cache"),
  /** A word of a table that was in the third cache. */
  TABLE_L3("table words in the third cache"),
  /** A word of a table that was in main memory. */
  TABLE_MEMORY("table words in memory"),
  /** The access itself, once its address is known. */
  DATA("data"),
  /** What an access pays more because its page is on another node. */
  REMOTE("other NUMA nodes"),
  /** A fault that waits for no device. */
  MINOR_FAULT("minor faults"),
  /** A fault that waits for a device. */
  MAJOR_FAULT("major faults"),
  /** A page written to its device before its frame can be used anew. */
  WRITE_BACK("write-back"),
  /** An interrupt sent to another core so that it invalidates. */
  SHOOTDOWN_SEND("shootdowns: interrupts"),
  /** The wait for one core's acknowledgement. */
  SHOOTDOWN_WAIT("shootdowns: acknowledgements"),
  /** A page dropped from the TLBs by INVLPG. */
  INVLPG("invalidations of a page"),
  /** A load of CR3 that drops a whole PCID. */
  FLUSH("flushes"),
  /** Another address space loaded on a core. */
  SWITCH("context switches");

  private final String title;

  Cause(String title) {
    this.title = title;
  }

  /** In words, for a table. */
  public String title() {
    return title;
  }

  /** For programs: {@code minor_fault}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
