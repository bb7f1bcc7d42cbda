package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.MmuPath.Fill;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ways through the MMU, each over structures as small as it needs them. */
enum Way {
  /** A walk through empty structures, of a model with paging-structure caches. */
  WALK,
  /** A walk through empty structures, of a model whose walks have a short path. */
  SHORT_WALK,
  /** A hit of a first level that all ports share. */
  FIRST_LEVEL_HIT,
  /** A hit of the second level behind a first level of three, one for each port. */
  SECOND_LEVEL_HIT,
  /** A hit of the second level of a model whose second-level hits have a short path. */
  SHORT_SECOND_LEVEL_HIT,
  /** A walk that begins at the lowest table, found in a paging-structure cache. */
  CACHED_TABLES,
  /** A walk that begins at what a cache of one level alone has: PDEs are its lowest entries. */
  CACHED_PDE,
  CACHED_PDPTE,
  CACHED_PML4E,
  CACHED_PML5E;

  private static final Set<Port> ALL_PORTS = Set.of(Port.FETCH, Port.LOAD, Port.STORE);
  private static final CacheGeometry ONE = new CacheGeometry(1, 1, Replacement.LRU);
  private static final CacheGeometry TWO = new CacheGeometry(1, 2, Replacement.LRU);

  /** Whether it stands for its kind: walk, first-level hit, second-level hit, cached tables. */
  boolean isMain() {
    return this == WALK
        || this == FIRST_LEVEL_HIT
        || this == SECOND_LEVEL_HIT
        || this == CACHED_TABLES;
  }

  /** The way over a model that has it. */
  MmuPath path() {
    Set<Level> all = EnumSet.range(Level.PML5, Level.PD);
    List<TlbGeometry> unified = List.of(tlb("L1", ALL_PORTS, ONE));
    List<TlbGeometry> second = List.of(tlb("L2", ALL_PORTS, TWO));
    return switch (this) {
      case WALK -> new MmuPath(model(unified, List.of(), all), Fill.NOTHING);
      case SHORT_WALK -> new MmuPath(model(unified, second, Set.of()), Fill.NOTHING);
      case FIRST_LEVEL_HIT -> new MmuPath(model(unified, List.of(), all), Fill.PAGE);
      case SECOND_LEVEL_HIT -> new MmuPath(model(split(), second, all), Fill.PAGE_THEN_OTHER);
      case SHORT_SECOND_LEVEL_HIT ->
          new MmuPath(model(unified, second, Set.of()), Fill.PAGE_THEN_OTHER);
      case CACHED_TABLES -> new MmuPath(model(unified, List.of(), all), Fill.OTHER);
      case CACHED_PDE -> cachedAt(Level.PD);
      case CACHED_PDPTE -> cachedAt(Level.PDPT);
      case CACHED_PML4E -> cachedAt(Level.PML4);
      case CACHED_PML5E -> cachedAt(Level.PML5);
    };
  }

  private static MmuPath cachedAt(Level level) {
    List<TlbGeometry> unified = List.of(tlb("L1", ALL_PORTS, ONE));
    return new MmuPath(model(unified, List.of(), Set.of(level)), Fill.OTHER);
  }

  private static List<TlbGeometry> split() {
    List<TlbGeometry> tlbs = new ArrayList<>();
    for (Port port : Port.values()) {
      tlbs.add(tlb("L1 " + port, Set.of(port), ONE));
    }
    return tlbs;
  }

  private static CpuModel model(
      List<TlbGeometry> first, List<TlbGeometry> second, Set<Level> cached) {
    Map<Level, CacheGeometry> caches = new EnumMap<>(Level.class);
    cached.forEach(level -> caches.put(level, ONE));
    return new CpuModel("way", first, second, caches, LargePages.WHOLE, 1);
  }

  private static TlbGeometry tlb(String name, Set<Port> ports, CacheGeometry shape) {
    return new TlbGeometry(name, ports, EnumSet.allOf(PageSize.class), shape);
  }
}
