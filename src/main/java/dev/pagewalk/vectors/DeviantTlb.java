package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Registers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A TLB without limits, of 4 KiB pieces: whatever it may keep it keeps. Its departures are those of
 * the switches that are on.
 */
final class DeviantTlb {
  private static final int PAGE_SHIFT = 12;
  private static final long PCID = 0xfff;

  private final Set<Deviation> on;
  private final Map<Key, DeviantWalk.Mapping> entries = new HashMap<>();

  /** Whose translation of which page; global ones have PCID -1. */
  private record Key(long pcid, long page) {}

  DeviantTlb(Set<Deviation> on) {
    this.on = on;
  }

  private static long pcid(Registers registers) {
    return registers.pcide() ? registers.cr3() & PCID : 0;
  }

  private boolean isGlobal(Registers registers, DeviantWalk.Mapping mapping) {
    boolean pge = (registers.cr4() & Cr4.PGE) != 0;
    return mapping.isGlobal() && (pge || on.contains(Deviation.GLOBAL_WITHOUT_PGE));
  }

  /** What it has of the page of {@code address}; null if nothing. */
  DeviantWalk.Mapping find(Registers registers, long address) {
    long page = address >>> PAGE_SHIFT;
    DeviantWalk.Mapping own = entries.get(new Key(key(pcid(registers)), page));
    return own != null ? own : entries.get(new Key(-1, page));
  }

  /** Keeps a translation. */
  void fill(Registers registers, long address, DeviantWalk.Mapping mapping) {
    long pcid = isGlobal(registers, mapping) ? -1 : key(pcid(registers));
    entries.put(new Key(pcid, address >>> PAGE_SHIFT), mapping);
  }

  private long key(long pcid) {
    return on.contains(Deviation.PCID_IGNORED) ? 0 : pcid;
  }

  /** A page fault, or the part of INVLPG that concerns one page. */
  void drop(Registers registers, long address) {
    long page = address >>> PAGE_SHIFT;
    entries.remove(new Key(key(pcid(registers)), page));
    entries.remove(new Key(-1, page));
  }

  /** INVLPG: all pieces of the page in which {@code address} lies. */
  void invlpg(Registers registers, long address) {
    if (on.contains(Deviation.STALE_AFTER_INVLPG)) {
      return;
    }
    boolean globalsStay = on.contains(Deviation.GLOBALS_SURVIVE_INVLPG);
    long pcid = key(pcid(registers));
    entries
        .entrySet()
        .removeIf(entry -> {
          long whose = entry.getKey().pcid;
          boolean concerned = whose == pcid || (whose == -1 && !globalsStay);
          long start = entry.getKey().page << PAGE_SHIFT;
          return concerned && ((start ^ address) & -entry.getValue().span()) == 0;
        });
  }

  /** Drops all of a PCID but global ones. */
  void dropPcid(long pcid) {
    long whose = key(pcid);
    entries.keySet().removeIf(key -> key.pcid == whose);
  }

  /** Drops everything but global entries. */
  void dropLocals() {
    entries.keySet().removeIf(key -> key.pcid != -1);
  }

  /** Drops everything. */
  void clear() {
    entries.clear();
  }
}
