package dev.pagewalk.machine.replay;

import java.util.Locale;

/** What a replay counts. */
public enum Counter {
  /** Accesses of the trace. */
  ACCESSES("accesses"),
  /** Accesses that touched two pages, so that they are two of one page. */
  CROSSINGS("accesses across two pages"),
  /** Times that a core asked its MMU for an address: once for each page, again after each fault. */
  TRANSLATIONS("translations"),
  /** Translations that the first-level TLB had. */
  FIRST_HITS("first-level TLB hits"),
  /** Looks into a second-level TLB. */
  SECOND_LOOKUPS("second-level TLB look-ups"),
  /** Translations that the second-level TLB had. */
  SECOND_HITS("second-level TLB hits"),
  /** Page walks, those that ended in a fault among them. */
  WALKS("page walks"),
  /** Words of tables that walks read. */
  WORDS("words of tables read"),
  /** Words found in the first cache of the cost model. */
  TABLE_L1("words in the first cache"),
  /** Words found in its second cache. */
  TABLE_L2("words in the second cache"),
  /** Words found in its third cache. */
  TABLE_L3("words in the third cache"),
  /** Words found in memory. */
  TABLE_MEMORY("words in memory"),
  /** Addresses that are not canonical. */
  NON_CANONICAL("non-canonical addresses"),
  /** Faults that waited for no device. */
  MINOR_FAULTS("minor faults"),
  /** Faults that waited for a device. */
  MAJOR_FAULTS("major faults"),
  /** Pages taken from their processes so that their frames could be used anew. */
  EVICTIONS("evictions"),
  /** Pages that came back while the kernel still knew of them. */
  REFAULTS("refaults"),
  /** Dirty pages written to their device. */
  WRITE_BACKS("write-backs"),
  /** Pages read from swap. */
  SWAP_INS("pages swapped in"),
  /** Pages written to swap. */
  SWAP_OUTS("pages swapped out"),
  /** Pages brought in before they were asked for. */
  PREFETCHED("pages prefetched"),
  /** Those of them that were used. */
  PREFETCH_USED("prefetched and used"),
  /** Those that left memory unused. */
  PREFETCH_WASTED("prefetched and wasted"),
  /** Those used before a device would have brought them. */
  PREFETCH_LATE("prefetched too late"),
  /** Invalidations for which other cores were interrupted. */
  SHOOTDOWNS("TLB shootdowns"),
  /** Interrupts of other cores; each is acknowledged. */
  INTERRUPTS("interrupts acknowledged"),
  /** Pages dropped from TLBs one by one. */
  INVLPGS("INVLPG"),
  /** Loads of CR3 that dropped a whole PCID in place of many pages. */
  FLUSHES("flushes"),
  /** Address spaces loaded on a core. */
  SWITCHES("context switches"),
  /** Those of them that dropped what the TLB had for the PCID. */
  SWITCH_FLUSHES("context switches that flushed"),
  /** Page accesses to memory of the core's own node. */
  LOCAL("accesses to the own node"),
  /** Page accesses to memory of another node. */
  REMOTE("accesses to other nodes"),
  /** Accesses that ended in a signal. */
  REFUSED("refused accesses"),
  /** Accesses of processes that had been killed. */
  SKIPPED("accesses of killed processes"),
  /** Processes killed for want of memory. */
  KILLED("processes killed");

  private final String title;

  Counter(String title) {
    this.title = title;
  }

  /** In words, for a table. */
  public String title() {
    return title;
  }

  /** For programs: {@code minor_faults}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
