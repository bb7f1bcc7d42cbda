package dev.pagewalk.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What limit.c prints besides the time, of one round; JMH adds up the rounds.
 *
 * <p>The sum of the physical addresses is 64 bits wide and JMH counts in doubles, so its halves are
 * added up each by itself: {@code sum = (sumHigh << 32) + sumLow}.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class LimitCounters {
  /** Accesses that the first level answered. */
  public long l1Hits;

  /** Accesses that the second level answered. */
  public long l2Hits;

  /** Page walks. */
  public long walks;

  /** Words of tables read. */
  public long loads;

  /** Faults. */
  public long faults;

  /** Bits 63:32 of the sum. */
  public long sumHigh;

  /** Bits 31:0 of the sum. */
  public long sumLow;

  void setSum(long sum) {
    sumHigh = sum >>> 32;
    sumLow = sum & 0xffff_ffffL;
  }
}
