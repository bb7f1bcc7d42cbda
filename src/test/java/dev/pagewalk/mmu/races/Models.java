package dev.pagewalk.mmu.races;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Models of processors for the races: small, so that there are walks all the time. */
final class Models {
  /** Two levels, true LRU, no paging-structure cache. */
  static final CpuModel PLAIN =
      new CpuModel(
          "two levels",
          List.of(tlb("L1", EnumSet.allOf(Port.class), 2, 2)),
          List.of(tlb("L2", EnumSet.allOf(Port.class), 2, 4)),
          Map.of(),
          LargePages.WHOLE,
          1);

  /** A TLB for each port and pieces of 4 KiB. */
  static final CpuModel SPLIT =
      new CpuModel(
          "split and fractured",
          List.of(
              tlb("L1I", EnumSet.of(Port.FETCH), 1, 2),
              tlb("L1L", EnumSet.of(Port.LOAD), 1, 4),
              tlb("L1S", EnumSet.of(Port.STORE), 2, 1)),
          List.of(),
          Map.of(),
          LargePages.FRACTURED,
          2);

  /** Paging-structure caches of every level. */
  static final CpuModel CACHED =
      new CpuModel(
          "paging-structure caches",
          List.of(tlb("L1", EnumSet.allOf(Port.class), 2, 1)),
          List.of(),
          Map.of(Level.PML4, cache(), Level.PDPT, cache(), Level.PD, cache()),
          LargePages.WHOLE,
          3);

  private Models() {}

  private static TlbGeometry tlb(String name, Set<Port> ports, int sets, int ways) {
    CacheGeometry shape = new CacheGeometry(sets, ways, Replacement.LRU);
    return new TlbGeometry(name, ports, EnumSet.allOf(PageSize.class), shape);
  }

  private static CacheGeometry cache() {
    return new CacheGeometry(1, 2, Replacement.LRU);
  }
}
