package dev.pagewalk.bench;

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

/** The structures of {@code benchmarks/limit.c}, and those that it does without. */
final class LimitModel {
  private static final Set<Port> DATA = EnumSet.of(Port.LOAD, Port.STORE);

  private static final TlbGeometry L1I = tlb("L1I", EnumSet.of(Port.FETCH), "4K", 16, 4);
  private static final TlbGeometry L1D = tlb("L1D", DATA, "4K", 16, 4);

  /** No paging-structure caches; fetches have a first level of their own, which nobody uses. */
  static final CpuModel LIMIT =
      model(List.of(L1I, L1D), tlb("L2", EnumSet.allOf(Port.class), "4K", 128, 12), Map.of());

  /** With TLBs for large pages. */
  static final CpuModel ALL_SIZES =
      model(
          List.of(L1I, L1D, tlb("L1D 2M", DATA, "2M", 8, 4), tlb("L1D 1G", DATA, "1G", 1, 4)),
          tlb("L2", EnumSet.allOf(Port.class), "4K 2M", 128, 12),
          Map.of());

  /** With paging-structure caches. */
  static final CpuModel CACHES =
      model(
          LIMIT.firstLevel(),
          LIMIT.secondLevel().getFirst(),
          Map.of(
              Level.PML4, new CacheGeometry(1, 4, Replacement.LRU),
              Level.PDPT, new CacheGeometry(1, 8, Replacement.LRU),
              Level.PD, new CacheGeometry(8, 4, Replacement.LRU)));

  private LimitModel() {}

  private static CpuModel model(
      List<TlbGeometry> first, TlbGeometry second, Map<Level, CacheGeometry> caches) {
    return new CpuModel("limit", first, List.of(second), caches, LargePages.WHOLE, 0);
  }

  private static TlbGeometry tlb(String name, Set<Port> ports, String sizes, int sets, int ways) {
    Set<PageSize> held = EnumSet.noneOf(PageSize.class);
    for (String size : sizes.split(" ", -1)) {
      held.add(PageSize.valueOf("SIZE_" + size));
    }
    return new TlbGeometry(name, ports, held, new CacheGeometry(sets, ways, Replacement.LRU));
  }
}
