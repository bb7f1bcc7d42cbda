package dev.pagewalk.machine.sweep;

import java.math.BigDecimal;

/**
 * What a cell of a sweep came to: a row.
 *
 * @param cell which one
 * @param cpu the model of processor; empty without one
 * @param accesses of the trace
 * @param pageAccesses those across two pages counted twice
 * @param faults accesses that found no page, first ones too
 * @param majorFaults those that waited for a device; {@link #NOT_KNOWN} without a machine
 * @param evictions pages that went to make room
 * @param writeBacks dirty pages written
 * @param walks page walks; {@link #NOT_KNOWN} without a machine
 * @param nanoseconds effective time of an access; null without a machine
 */
public record SweepResult(
    SweepCell cell,
    String cpu,
    long accesses,
    long pageAccesses,
    long faults,
    long majorFaults,
    long evictions,
    long writeBacks,
    long walks,
    BigDecimal nanoseconds) {
  /** In place of a count: there is no machine that could have counted. */
  public static final long NOT_KNOWN = -1;

  /** Faults an access of a page, from 0 to 1; 0 without accesses. */
  public double missRatio() {
    return pageAccesses == 0 ? 0 : (double) faults / pageAccesses;
  }
}
