package dev.pagewalk.machine.replay;

import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.kernel.PrefetchStat;
import dev.pagewalk.kernel.VmEvent;
import dev.pagewalk.kernel.VmStat;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.CoreCounters;
import dev.pagewalk.mmu.MmuCounters;
import java.util.Arrays;
import java.util.List;

/** Adds up what cores, kernel and machine have counted. */
final class Meter {
  private static final Counter[] PLACES = {Counter.TABLE_L1, Counter.TABLE_L2, Counter.TABLE_L3};

  private final Computer computer;
  private final List<CoreLoop> loops;
  private final Processes processes;
  private final long[] values = new long[Counter.values().length];

  Meter(Computer computer, List<CoreLoop> loops, Processes processes) {
    this.computer = computer;
    this.loops = loops;
    this.processes = processes;
  }

  /** All counts since the machine was made. */
  Counts read() {
    Arrays.fill(values, 0);
    for (CoreLoop loop : loops) {
      add(loop);
    }
    for (Clock clock : loops.stream().map(loop -> loop.watch().clock()).distinct().toList()) {
      add(Counter.CROSSINGS, clock.crossings());
    }
    for (ReplayProcess process : processes.all()) {
      add(Counter.ACCESSES, process.accesses());
      add(Counter.REFUSED, process.refused());
      add(Counter.SKIPPED, process.skipped());
      add(Counter.MINOR_FAULTS, process.mm.minorFaults());
      add(Counter.MAJOR_FAULTS, process.mm.majorFaults());
      add(Counter.KILLED, process.isKilled() ? 1 : 0);
    }
    VmStat stat = computer.machine().kernel().stat();
    add(Counter.EVICTIONS, stat.get(VmEvent.PGSTEAL_KSWAPD) + stat.get(VmEvent.PGSTEAL_DIRECT));
    add(Counter.WRITE_BACKS, stat.get(VmEvent.PSWPOUT) + stat.get(VmEvent.NR_WRITTEN));
    add(Counter.SWAP_INS, stat.get(VmEvent.PSWPIN));
    add(Counter.SWAP_OUTS, stat.get(VmEvent.PSWPOUT));
    add(Counter.REFAULTS, stat.get(VmEvent.WORKINGSET_REFAULT_ANON));
    PrefetchStat prefetch = computer.machine().kernel().prefetch().stat();
    add(Counter.PREFETCHED, prefetch.issued());
    add(Counter.PREFETCH_USED, prefetch.used());
    add(Counter.PREFETCH_WASTED, prefetch.wasted());
    add(Counter.PREFETCH_LATE, prefetch.late());
    add(Counter.SHOOTDOWNS, computer.machine().shootdowns());
    return Counts.of(values);
  }

  private void add(CoreLoop loop) {
    Core core = loop.core();
    MmuCounters mmu = core.mmu().counters();
    add(Counter.TRANSLATIONS, mmu.accesses());
    for (TlbGeometry tlb : core.mmu().model().firstLevel()) {
      add(Counter.FIRST_HITS, mmu.tlbs().get(tlb.name()).hits());
    }
    boolean hasSecond = !core.mmu().model().secondLevel().isEmpty();
    long secondHits = 0;
    for (TlbGeometry tlb : core.mmu().model().secondLevel()) {
      secondHits += mmu.tlbs().get(tlb.name()).hits();
    }
    add(Counter.SECOND_HITS, secondHits);
    add(Counter.SECOND_LOOKUPS, hasSecond ? secondHits + mmu.walks() : 0);
    add(Counter.WALKS, mmu.walks());
    add(Counter.WORDS, mmu.wordsRead());
    add(Counter.NON_CANONICAL, mmu.otherFaults());
    int caches = computer.costs().caches().size();
    for (int i = 0; i < caches; i++) {
      add(PLACES[i], loop.watch().found(i));
    }
    add(Counter.TABLE_MEMORY, loop.watch().found(caches));
    add(Counter.LOCAL, loop.watch().local());
    add(Counter.REMOTE, loop.watch().remote());
    CoreCounters counters = core.counters();
    add(Counter.INTERRUPTS, counters.interrupts());
    add(Counter.INVLPGS, counters.invlpgs());
    add(Counter.FLUSHES, counters.flushes());
    add(Counter.SWITCHES, counters.switches());
    add(Counter.SWITCH_FLUSHES, counters.switchFlushes());
  }

  private void add(Counter counter, long count) {
    values[counter.ordinal()] += count;
  }
}
