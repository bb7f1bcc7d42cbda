package dev.pagewalk.mmu;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.MemoryType;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.mmu.TlbEntry.Flag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes counters and snapshots of an MMU's state.
 *
 * <p>The hot and the short paths count next to nothing: what they do is worked out here. Each of
 * their accesses added to its port's tick; those that did not hit the first level added to one of
 * two counts.
 */
final class Inspection {
  private final MmuState state;

  Inspection(MmuState state) {
    this.state = state;
  }

  MmuCounters counters() {
    Map<String, MmuCounters.Structure> tlbs = new LinkedHashMap<>();
    for (Tlb tlb : state.layout.firstLevel) {
      tlbs.put(tlb.geometry.name(), ofFirst(tlb));
    }
    for (Tlb tlb : state.layout.secondLevel) {
      tlbs.put(tlb.geometry.name(), ofSecond(tlb));
    }
    Map<Level, MmuCounters.Structure> caches = new EnumMap<>(Level.class);
    state.layout.pagingStructureCaches.forEach(
        (level, cache) -> caches.put(level, counters(cache, cache.hits, cache.misses, 0)));
    Map<Integer, Long> faults = new TreeMap<>();
    for (int error = 0; error < state.pageFaults.length; error++) {
      if (state.pageFaults[error] != 0) {
        faults.put(error, state.pageFaults[error]);
      }
    }
    return new MmuCounters(
        accesses(),
        Collections.unmodifiableMap(tlbs),
        Collections.unmodifiableMap(caches),
        state.allWalks(),
        state.allWordsRead(),
        state.accessedSet,
        state.dirtySet,
        state.restarts,
        Collections.unmodifiableMap(faults),
        state.otherFaults);
  }

  private long accesses() {
    long sum = 0;
    for (int port = 0; port < Scalars.PORTS; port++) {
      sum += accesses(port);
    }
    return sum;
  }

  private long accesses(int port) {
    return (state.get(Scalars.TICKS + port) - state.ticksAtReset[port]) / StateLayout.TICK;
  }

  /** First level: what entered by the port and was not sent on to the general path was a hit. */
  private MmuCounters.Structure ofFirst(Tlb tlb) {
    PortView view = viewOf(tlb);
    long general = 0;
    long nonCanonical = 0;
    for (PortView other : state.views) {
      general += other.number == view.number ? other.general : 0;
      nonCanonical += other.number == view.number ? other.nonCanonical : 0;
    }
    long accesses = accesses(view.number);
    long shorts = shortHits(view.number) + shortWalks(view.number);
    boolean isMain = tlb == view.mainFirst;
    long hits = tlb.hits + (isMain ? accesses - general - shorts : 0);
    for (PageSize size : List.of(PageSize.SIZE_2M, PageSize.SIZE_1G)) {
      long large = largeHits(size, view.number);
      hits += tlb == view.firstBySize[size.ordinal()] ? large : 0;
      hits -= isMain ? large : 0;
    }
    return counters(tlb, hits, accesses - nonCanonical - hits, isMain ? shorts : 0);
  }

  private MmuCounters.Structure ofSecond(Tlb tlb) {
    long hits = tlb.hits;
    long misses = tlb.misses;
    long shortFills = 0;
    for (int port = 0; port < Scalars.PORTS; port++) {
      PortView view = viewOf(port);
      if (view != null && tlb == view.mainSecond) {
        hits += shortHits(port);
        misses += shortWalks(port);
        shortFills += shortWalks(port);
      } else if (view != null && List.of(view.second).contains(tlb)) {
        misses += shortHits(port) + shortWalks(port);
      }
    }
    return counters(tlb, hits, misses, shortFills);
  }

  private PortView viewOf(Tlb tlb) {
    for (PortView view : state.views) {
      if (List.of(view.first).contains(tlb)) {
        return view;
      }
    }
    throw new IllegalStateException("a TLB of no port: " + tlb.geometry.name());
  }

  /** A view of the port with that number, or null. */
  private PortView viewOf(int port) {
    for (PortView view : state.views) {
      if (view.number == port) {
        return view;
      }
    }
    return null;
  }

  private long largeHits(PageSize size, int port) {
    int table = Scalars.PORTS * (size.ordinal() - 1);
    return state.get(Scalars.LARGE_HITS + table + port);
  }

  private long shortHits(int port) {
    return state.get(Scalars.SHORT_HITS + port);
  }

  private long shortWalks(int port) {
    return state.get(Scalars.SHORT_WALKS + port);
  }

  /**
   * Fills that were no refills added an entry; what is not there any more was evicted or dropped.
   */
  private static MmuCounters.Structure counters(
      Structure structure, long hits, long misses, long shortFills) {
    long fills = structure.fills + shortFills;
    long grown = structure.valid() - structure.validAtReset;
    long evictions = fills - structure.refills - structure.invalidations - grown;
    return new MmuCounters.Structure(hits, misses, fills, evictions, structure.invalidations);
  }

  Optional<MemoryType> memoryType(long pointer, int access) {
    PortView view = state.views[access & (AccessCode.FETCH | AccessCode.WRITE)];
    boolean masks = !RightsTable.isFetch(access);
    long address = masks ? LinearAddressMasking.address(pointer, state.registers) : pointer;
    int width = state.registers.linearWidth();
    for (PageSize size : PageSize.values()) {
      Tlb tlb = view.firstBySize[size.ordinal()];
      boolean held = tlb != null && LinearAddress.isCanonical(address, width);
      int i = held ? tlb.find(address, size, state.pcid()) : -1;
      if (i >= 0) {
        long word = tlb.array[i + tlb.wordAt];
        long physical = Cached.translate(word, address);
        return Optional.of(state.typing.of(physical, Cached.patIndex(word)));
      }
    }
    return Optional.empty();
  }

  MmuSnapshot snapshot() {
    Map<String, List<TlbEntry>> tlbs = new LinkedHashMap<>();
    for (Tlb tlb : state.layout.tlbs) {
      List<TlbEntry> entries = new ArrayList<>();
      for (int set = 0; set < tlb.sets; set++) {
        for (int way = 0; way < tlb.ways; way++) {
          if (tlb.array[tlb.first(set) + way + tlb.wordAt] != 0) {
            entries.add(entry(tlb, set, way));
          }
        }
      }
      tlbs.put(tlb.geometry.name(), Collections.unmodifiableList(entries));
    }
    Map<Level, List<PagingStructureCacheEntry>> caches = new EnumMap<>(Level.class);
    state.layout.pagingStructureCaches.forEach((level, cache) -> caches.put(level, of(cache)));
    return new MmuSnapshot(Collections.unmodifiableMap(tlbs), Collections.unmodifiableMap(caches));
  }

  private static TlbEntry entry(Tlb tlb, int set, int way) {
    int i = tlb.first(set) + way;
    long tag = tlb.array[i];
    long word = tlb.array[i + tlb.wordAt];
    return new TlbEntry(
        set,
        way,
        tlb.rank(tlb.first(set), way),
        Tlb.linearAddress(tag, word),
        word & Cached.ADDRESS,
        (int) (tag & Structure.PCID),
        Cached.size(word),
        Cached.pageSize(word),
        flags(word),
        Entry.key(word),
        Cached.patIndex(word));
  }

  private static Set<Flag> flags(long word) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    if ((word & Cached.US) != 0) {
      flags.add(Flag.USER);
    }
    if ((word & Cached.RW) != 0) {
      flags.add(Flag.WRITABLE);
    }
    if ((word & Cached.XD) == 0) {
      flags.add(Flag.EXECUTABLE);
    }
    if ((word & Cached.D) != 0) {
      flags.add(Flag.DIRTY);
    }
    if ((word & Cached.G) != 0) {
      flags.add(Flag.GLOBAL);
    }
    long shadowStack = Cached.TABLES_WRITABLE | Cached.D;
    if ((word & (shadowStack | Cached.RW)) == shadowStack) {
      flags.add(Flag.SHADOW_STACK);
    }
    return Collections.unmodifiableSet(flags);
  }

  private static List<PagingStructureCacheEntry> of(Structure cache) {
    List<PagingStructureCacheEntry> entries = new ArrayList<>();
    for (int set = 0; set < cache.sets; set++) {
      for (int way = 0; way < cache.ways; way++) {
        int i = cache.first(set) + way;
        long word = cache.array[i + cache.wordAt];
        if (word != 0) {
          entries.add(
              new PagingStructureCacheEntry(
                  set,
                  way,
                  cache.rank(cache.first(set), way),
                  cache.array[i] & ~Structure.PCID,
                  word & Entry.ADDRESS,
                  (int) (cache.array[i] & Structure.PCID),
                  (word & Entry.US) != 0,
                  (word & Entry.RW) != 0,
                  (word & Entry.XD) != 0));
        }
      }
    }
    return Collections.unmodifiableList(entries);
  }
}
