package dev.pagewalk.bench;

import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.MmuCounters;
import java.util.List;
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
  /** Calls of {@code translate}. */
  public long accesses;

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

  /** Takes over what a round has done. */
  void set(MmuCounters counters, long sum) {
    accesses = counters.accesses();
    l1Hits = hits(counters, LimitModel.LIMIT.firstLevel());
    l2Hits = hits(counters, LimitModel.LIMIT.secondLevel());
    walks = counters.walks();
    loads = counters.wordsRead();
    faults = counters.totalPageFaults() + counters.otherFaults();
    sumHigh = sum >>> 32;
    sumLow = sum & 0xffff_ffffL;
  }

  private static long hits(MmuCounters counters, List<TlbGeometry> tlbs) {
    return tlbs.stream().mapToLong(tlb -> counters.tlbs().get(tlb.name()).hits()).sum();
  }
}
