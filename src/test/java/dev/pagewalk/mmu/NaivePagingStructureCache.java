package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.mmu.NaiveStructure.Place;
import java.util.ArrayList;
import java.util.List;

/** The naive MMU's cache of the entries of one level that reference a table. */
final class NaivePagingStructureCache {
  final NaiveStructure<Entry> entries;
  private final Level level;

  /**
   * One cached entry.
   *
   * @param linearAddress of the first byte that it controls
   * @param table that it references
   */
  record Entry(long linearAddress, long table, int pcid, NaiveRights rights) {}

  NaivePagingStructureCache(Level level, CacheGeometry shape, NaiveDraws draws) {
    this.level = level;
    this.entries = new NaiveStructure<>(shape, draws);
  }

  /** The entry used for {@code address} under {@code pcid}, now the most recently used; or null. */
  Entry lookUp(long address, int pcid) {
    Place<Entry> found =
        entries.find(entries.setOf(address, level.shift()), entry -> isUsed(entry, address, pcid));
    if (found == null) {
      entries.countMiss();
      return null;
    }
    entries.countHit();
    found.set().use(found.way());
    return found.entry();
  }

  /** Fills in an entry of this level that a walk for {@code address} has used. */
  void fill(long address, long table, int pcid, NaiveRights rights) {
    entries.fill(
        entries.setOf(address, level.shift()),
        new Entry(start(address), table, pcid, rights),
        old -> isUsed(old, address, pcid));
  }

  /** Drops what would be used for {@code address} under {@code pcid}. */
  void invalidate(long address, int pcid) {
    entries.invalidate(entry -> isUsed(entry, address, pcid));
  }

  /** Drops what is of {@code pcid}. */
  void invalidatePcid(int pcid) {
    entries.invalidate(entry -> entry.pcid() == pcid);
  }

  private boolean isUsed(Entry entry, long address, int pcid) {
    return entry.linearAddress() == start(address) && entry.pcid() == pcid;
  }

  private long start(long address) {
    return address - Long.remainderUnsigned(address, level.span());
  }

  List<PagingStructureCacheEntry> snapshot() {
    List<PagingStructureCacheEntry> list = new ArrayList<>();
    entries.forEach((set, way, age, entry) ->
        list.add(
            new PagingStructureCacheEntry(
                set,
                way,
                age,
                entry.linearAddress(),
                entry.table(),
                entry.pcid(),
                entry.rights().userMode(),
                entry.rights().writable(),
                entry.rights().executeDisable())));
    return list;
  }
}
