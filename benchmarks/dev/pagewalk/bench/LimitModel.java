package dev.pagewalk.bench;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.MmuCounters;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The structures of {@code benchmarks/limit.c}. */
final class LimitModel {
  private static final String FIRST = "L1D";
  private static final String SECOND = "L2";

  /** No paging-structure caches; fetches have a first level of their own, which nobody uses. */
  static final CpuModel LIMIT =
      new CpuModel(
          "limit",
          List.of(
              tlb("L1I", EnumSet.of(Port.FETCH), 16, 4),
              tlb(FIRST, EnumSet.of(Port.LOAD, Port.STORE), 16, 4)),
          List.of(tlb(SECOND, EnumSet.allOf(Port.class), 128, 12)),
          Map.of(),
          LargePages.WHOLE,
          0);

  private LimitModel() {}

  private static TlbGeometry tlb(String name, Set<Port> ports, int sets, int ways) {
    return new TlbGeometry(
        name,
        ports,
        EnumSet.of(PageSize.SIZE_4K),
        new CacheGeometry(sets, ways, Replacement.LRU));
  }

  static long firstLevelHits(MmuCounters counters) {
    return counters.tlbs().get(FIRST).hits();
  }

  static long secondLevelHits(MmuCounters counters) {
    return counters.tlbs().get(SECOND).hits();
  }

  static long faults(MmuCounters counters) {
    return counters.totalPageFaults() + counters.otherFaults();
  }
}
