package dev.pagewalk.mmu;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.TlbGeometry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** All TLBs and paging-structure caches of a naive MMU, and what drops entries from them. */
final class NaiveStructures {
  final NaiveTlbLevel firstLevel;
  final NaiveTlbLevel secondLevel;
  private final Map<Level, NaivePagingStructureCache> caches = new EnumMap<>(Level.class);
  private int made;

  NaiveStructures(CpuModel model) {
    firstLevel = tlbs(model.firstLevel(), model.seed());
    secondLevel = tlbs(model.secondLevel(), model.seed());
    for (Level level : Level.values()) {
      if (model.pagingStructureCaches().containsKey(level)) {
        NaiveDraws draws = new NaiveDraws(model.seed(), made++);
        caches.put(
            level,
            new NaivePagingStructureCache(level, model.pagingStructureCaches().get(level), draws));
      }
    }
  }

  private NaiveTlbLevel tlbs(List<TlbGeometry> geometries, long seed) {
    List<NaiveTlb> tlbs = new ArrayList<>();
    for (TlbGeometry geometry : geometries) {
      tlbs.add(new NaiveTlb(geometry, new NaiveDraws(seed, made++)));
    }
    return new NaiveTlbLevel(tlbs);
  }

  /** The cache of entries of {@code level}, or {@code null}. */
  NaivePagingStructureCache cache(Level level) {
    return caches.get(level);
  }

  /** Drops the pages at {@code address} that {@code pcid} could use. */
  void dropPage(long address, int pcid) {
    dropPages(page -> page.isOfPageAt(address) && page.belongsTo(pcid));
  }

  /** Drops the pages at {@code address} that belong to {@code pcid} alone. */
  void dropOwnPage(long address, int pcid) {
    dropPages(page -> page.isOfPageAt(address) && page.belongsTo(pcid) && !page.isGlobal());
  }

  /** Drops the pages that {@code pcid} could use. */
  void dropPages(int pcid) {
    dropPages(page -> page.belongsTo(pcid));
  }

  /** Drops the pages that belong to {@code pcid} alone. */
  void dropOwnPages(int pcid) {
    dropPages(page -> page.belongsTo(pcid) && !page.isGlobal());
  }

  /** Drops all pages but global ones. */
  void dropAllButGlobals() {
    dropPages(page -> !page.isGlobal());
  }

  private void dropPages(Predicate<NaivePage> which) {
    for (NaiveTlb tlb : tlbs()) {
      tlb.pages.invalidate(which);
    }
  }

  /** Drops the paging-structure-cache entries that {@code pcid} would use for {@code address}. */
  void dropTables(long address, int pcid) {
    caches.values().forEach(cache -> cache.invalidate(address, pcid));
  }

  /** Drops the paging-structure-cache entries of {@code pcid}. */
  void dropTables(int pcid) {
    caches.values().forEach(cache -> cache.invalidatePcid(pcid));
  }

  /** Drops all paging-structure-cache entries. */
  void dropTables() {
    caches.values().forEach(cache -> cache.entries.invalidate(entry -> true));
  }

  /** Drops everything. */
  void dropAll() {
    dropPages(page -> true);
    dropTables();
  }

  Map<String, MmuCounters.Structure> tlbCounters() {
    Map<String, MmuCounters.Structure> counters = new LinkedHashMap<>();
    tlbs().forEach(tlb -> counters.put(tlb.name(), tlb.pages.counters()));
    return counters;
  }

  Map<Level, MmuCounters.Structure> cacheCounters() {
    Map<Level, MmuCounters.Structure> counters = new LinkedHashMap<>();
    caches.forEach((level, cache) -> counters.put(level, cache.entries.counters()));
    return counters;
  }

  void resetCounters() {
    tlbs().forEach(tlb -> tlb.pages.resetCounters());
    caches.values().forEach(cache -> cache.entries.resetCounters());
  }

  MmuSnapshot snapshot() {
    Map<String, List<TlbEntry>> pages = new LinkedHashMap<>();
    tlbs().forEach(tlb -> pages.put(tlb.name(), tlb.snapshot()));
    Map<Level, List<PagingStructureCacheEntry>> tables = new LinkedHashMap<>();
    caches.forEach((level, cache) -> tables.put(level, cache.snapshot()));
    return new MmuSnapshot(pages, tables);
  }

  private List<NaiveTlb> tlbs() {
    List<NaiveTlb> all = new ArrayList<>(firstLevel.tlbs());
    all.addAll(secondLevel.tlbs());
    return all;
  }
}
