package dev.pagewalk.kernel.policy;

/**
 * What a policy did with a trace.
 *
 * @param accesses all of them
 * @param faults accesses to pages that were not resident, the first ones to each page too
 * @param evictions pages that went to make room
 * @param writeBacks dirty pages that were written, when they went or before
 */
public record PolicyCounts(long accesses, long faults, long evictions, long writeBacks) {
  /** Accesses to pages that were resident. */
  public long hits() {
    return accesses - faults;
  }

  /** Faults an access, from 0 to 1; 0 without accesses. */
  public double missRatio() {
    return accesses == 0 ? 0 : (double) faults / accesses;
  }
}
