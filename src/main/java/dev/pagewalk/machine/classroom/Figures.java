package dev.pagewalk.machine.classroom;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.VmEvent;
import dev.pagewalk.kernel.VmStat;
import dev.pagewalk.machine.Cause;
import dev.pagewalk.machine.CoreCounters;
import dev.pagewalk.machine.CostModel;
import dev.pagewalk.mmu.MmuCounters;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * What has been counted since the machine was made.
 *
 * @param accesses that programs made
 * @param translations tries of the MMU: an access that faults has two
 * @param hits translations that a TLB answered
 * @param walks page walks
 * @param words 64-bit words of tables that they read
 * @param minor faults that waited for no device
 * @param major faults that waited for one
 * @param evictions pages taken away for others
 * @param copies of copy-on-write
 * @param swapIns pages read from swap
 * @param swapOuts pages written to swap
 * @param nanoseconds of an access on average, by the machine's cost model; null before the first
 */
public record Figures(
    long accesses,
    long translations,
    long hits,
    long walks,
    long words,
    long minor,
    long major,
    long evictions,
    long copies,
    long swapIns,
    long swapOuts,
    BigDecimal nanoseconds) {

  /** The figures of {@code room}. */
  static Figures of(Classroom room, long accesses, long copies) {
    Kernel kernel = room.computer().machine().kernel();
    MmuCounters mmu = room.mmu().counters();
    VmStat stat = kernel.stat();
    long hits = mmu.accesses() - mmu.walks() - mmu.otherFaults();
    return new Figures(
        accesses,
        mmu.accesses(),
        hits,
        mmu.walks(),
        mmu.wordsRead(),
        stat.get(VmEvent.PGFAULT) - stat.get(VmEvent.PGMAJFAULT),
        stat.get(VmEvent.PGMAJFAULT),
        stat.get(VmEvent.PGSTEAL_DIRECT) + stat.get(VmEvent.PGSTEAL_KSWAPD),
        copies,
        stat.get(VmEvent.PSWPIN),
        stat.get(VmEvent.PSWPOUT),
        accesses == 0 ? null : time(room, mmu, stat, accesses));
  }

  private static BigDecimal time(Classroom room, MmuCounters mmu, VmStat stat, long accesses) {
    CostModel costs = room.computer().costs();
    CoreCounters core = room.core().counters();
    boolean second = !room.mmu().model().secondLevel().isEmpty();
    long missed = mmu.accesses() - firstHits(room, mmu);
    BigInteger sum =
        costs
            .cost(Cause.FIRST_LEVEL, mmu.accesses())
            .add(costs.cost(Cause.SECOND_LEVEL, second ? missed : 0))
            .add(costs.cost(Cause.WALK, mmu.walks()))
            .add(costs.cost(Cause.DATA, accesses))
            .add(
                costs.cost(
                    Cause.MINOR_FAULT, stat.get(VmEvent.PGFAULT) - stat.get(VmEvent.PGMAJFAULT)))
            .add(costs.cost(Cause.MAJOR_FAULT, stat.get(VmEvent.PGMAJFAULT)))
            .add(costs.cost(Cause.WRITE_BACK, stat.get(VmEvent.PSWPOUT)))
            .add(costs.cost(Cause.INVLPG, core.invlpgs()))
            .add(costs.cost(Cause.FLUSH, core.flushes()))
            .add(costs.cost(Cause.SWITCH, core.switches()));
    return new BigDecimal(sum)
        .divide(
            BigDecimal.valueOf(1000).multiply(BigDecimal.valueOf(accesses)),
            1,
            RoundingMode.HALF_UP);
  }

  private static long firstHits(Classroom room, MmuCounters mmu) {
    return room.mmu().model().firstLevel().stream()
        .mapToLong(tlb -> mmu.tlbs().get(tlb.name()).hits())
        .sum();
  }

  /** Faults charged to a process. */
  static long faults(AddressSpace mm) {
    return mm.minorFaults() + mm.majorFaults();
  }
}
