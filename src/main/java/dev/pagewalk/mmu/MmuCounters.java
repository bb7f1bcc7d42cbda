package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import java.util.Map;

/**
 * What an MMU has done since it was made or its counters were reset.
 *
 * @param accesses calls of {@link Mmu#translate}
 * @param tlbs by the TLB's name, first level first
 * @param pagingStructureCaches by the level of the cached entries
 * @param walks page walks begun, those of faults and of writes to clean pages included; a walk that
 *     begins anew because an entry changed under it counts once
 * @param wordsRead 64-bit words of tables read by walks
 * @param accessedSet entries in which a walk has set A
 * @param dirtySet entries in which a walk has set D
 * @param restarts times that a walk began anew because an entry changed between read and update
 * @param pageFaults page faults by error code; codes that did not occur are left out
 * @param otherFaults non-canonical addresses: #GP and #SS
 */
public record MmuCounters(
    long accesses,
    Map<String, Structure> tlbs,
    Map<Level, Structure> pagingStructureCaches,
    long walks,
    long wordsRead,
    long accessedSet,
    long dirtySet,
    long restarts,
    Map<Integer, Long> pageFaults,
    long otherFaults) {

  /**
   * Counters of one structure.
   *
   * @param hits look-ups that it answered, those of accesses then refused included
   * @param misses look-ups that it did not answer; a write that finds an entry with D = 0 is one
   * @param fills entries written, over an older one for the same page or into a free or given-up
   *     way
   * @param evictions fills that threw out a valid entry of another page
   * @param invalidations entries dropped by invalidation, by instructions, by page faults, and by
   *     the fill of a global entry those of other PCIDs for its page
   */
  public record Structure(long hits, long misses, long fills, long evictions, long invalidations) {}

  /** All page faults. */
  public long totalPageFaults() {
    return pageFaults.values().stream().mapToLong(Long::longValue).sum();
  }
}
