package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Second-level hits and walks are short where docs/architecture.md says that they are. */
class ShortPathsTest {
  private static final Set<Port> ALL = EnumSet.allOf(Port.class);
  private static final Set<Port> DATA = EnumSet.of(Port.LOAD, Port.STORE);
  private static final Set<PageSize> SIZES = EnumSet.allOf(PageSize.class);
  private static final long OPEN = Entry.P | Entry.RW | Entry.US | Entry.A | Entry.D;

  /** Linear addresses of the pages: this many from 0 on. */
  private static final int PAGES = 40;

  private final PhysicalMemory memory = PhysicalMemory.builder().ram(0, 1L << 20).flat().build();
  private MmuState state;

  @AfterEach
  void close() {
    memory.close();
  }

  private Mmu mmu(Set<Port> data, CacheGeometry second) {
    long[] tables = {0x1000, 0x2000, 0x3000, 0x4000};
    for (int i = 0; i < 3; i++) {
      memory.write64(tables[i], tables[i + 1] | OPEN);
    }
    for (int i = 0; i < PAGES; i++) {
      memory.write64(tables[3] + 8L * i, (long) i << 12 | OPEN);
    }
    List<TlbGeometry> first =
        data.equals(ALL)
            ? List.of(tlb("L1", ALL, lru(1, 4)))
            : List.of(tlb("L1D", DATA, lru(1, 4)), tlb("L1I", Set.of(Port.FETCH), lru(1, 4)));
    CpuModel model =
        new CpuModel(
            "short", first, List.of(tlb("L2", ALL, second)), Map.of(), LargePages.WHOLE, 1);
    state = new MmuState(model, memory);
    state.reset(Cpu.withEverything(46, ModelPresets.SDM), Registers.longMode(0x1000));
    Invalidation invalidation = new Invalidation(state);
    return Specialiser.create(state, invalidation);
  }

  private static TlbGeometry tlb(String name, Set<Port> ports, CacheGeometry shape) {
    return new TlbGeometry(name, ports, SIZES, shape);
  }

  private static CacheGeometry lru(int sets, int ways) {
    return new CacheGeometry(sets, ways, Replacement.LRU);
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "8, 4", "2, 16", "64, 1", "4, 12"})
  void walksAndSecondLevelHitsOfReadsAndWritesAreShort(int sets, int ways) {
    Mmu mmu = mmu(ALL, lru(sets, ways));
    int held = Math.min(PAGES, sets * ways);
    for (int i = 0; i < held; i++) {
      assertEquals((long) i << 12 | 5, mmu.translate((long) i << 12 | 5, i % 2));
    }
    assertEquals(held, state.get(Scalars.SHORT_WALKS));
    assertEquals(0, state.get(Scalars.SHORT_HITS));
    // The first level has the last four only.
    for (int i = 0; i < held; i++) {
      assertEquals((long) i << 12 | 7, mmu.translate((long) i << 12 | 7, AccessCode.USER_READ));
    }
    assertEquals(held, state.get(Scalars.SHORT_WALKS));
    assertEquals(held, state.get(Scalars.SHORT_HITS));
    assertEquals(held, mmu.counters().tlbs().get("L2").hits());
    assertEquals(0, generalAccesses());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 9, 10, 16, 17, 32, 33, 64, 65})
  void noFirstLevelHitOfAnOrdinaryAccessTakesTheGeneralPath(int code) {
    Mmu mmu = mmu(ALL, lru(1, 16));
    for (int i = 0; i < 5; i++) {
      assertEquals(0x3000 + i, mmu.translate(0x3000 + i, code));
    }
    assertEquals(1, state.get(Scalars.SHORT_WALKS));
    assertEquals(0, generalAccesses());
    assertEquals(4, mmu.counters().tlbs().get("L1").hits());
  }

  /** Two pages of one hint: the one used before is found without it, at either level. */
  @Test
  void pagesThatShareAHintAreFoundWithoutIt() {
    Mmu mmu = mmu(ALL, lru(1, 16));
    long alias = 0x1000L << Hints.BITS;
    // The tables of the alias are those of the first 2 MiB, at another PDE.
    memory.write64(0x3000 + 8 * (alias >>> 21), 0x4000 | OPEN);
    assertEquals(0x5000, mmu.translate(0x5000, AccessCode.USER_READ));
    assertEquals(0x5000, mmu.translate(0x5000 + alias, AccessCode.USER_READ));
    mmu.translate(0x6000, AccessCode.USER_READ);
    mmu.translate(0x7000, AccessCode.USER_READ);
    assertEquals(0x5123, mmu.translate(0x5123, AccessCode.USER_READ));
    assertEquals(new MmuCounters.Structure(1, 4, 4, 0, 0), mmu.counters().tlbs().get("L1"));
    assertEquals(List.of(0, 3, 2, 1), ages(mmu));
    // Two more take the places of the alias and of 0x6000; the hint is that of 0x5000.
    mmu.translate(0x8000, AccessCode.USER_READ);
    mmu.translate(0x9000, AccessCode.USER_READ);
    assertEquals(0x5000, mmu.translate(0x5000, AccessCode.USER_READ));
    assertEquals(2, mmu.counters().tlbs().get("L1").hits());
    assertEquals(0, state.get(Scalars.SHORT_HITS));
    assertEquals(0x5456, mmu.translate(0x5456 + alias, AccessCode.USER_READ));
    assertEquals(1, state.get(Scalars.SHORT_HITS));
    assertEquals(6, state.get(Scalars.SHORT_WALKS));
    assertEquals(new MmuCounters.Structure(1, 6, 6, 0, 0), mmu.counters().tlbs().get("L2"));
    // The hint has the way of the alias now, which is not that of 0x5000.
    for (long page = 0xa000; page < 0xe000; page += 0x1000) {
      mmu.translate(page, AccessCode.USER_READ);
    }
    assertEquals(0x5789, mmu.translate(0x5789, AccessCode.USER_READ));
    assertEquals(2, state.get(Scalars.SHORT_HITS));
    assertEquals(10, state.get(Scalars.SHORT_WALKS));
    assertEquals(0, generalAccesses());
  }

  /** The first level has the page, if not for this access: it must not get it twice. */
  @Test
  void aWriteToAPageThatWasCleanReplacesItsEntry() {
    Mmu mmu = mmu(ALL, lru(1, 1));
    memory.write64(0x4018, 0x3000 | (OPEN & ~Entry.D));
    mmu.translate(0x3000, AccessCode.USER_READ);
    // Takes the only entry of the second level.
    mmu.translate(0x5000, AccessCode.USER_READ);
    memory.write64(0x4018, 0x3000 | OPEN);
    assertEquals(0x3000, mmu.translate(0x3000, AccessCode.USER_WRITE));
    assertEquals(List.of(0, 1), ages(mmu));
    assertEquals(1, generalAccesses());
  }

  @Test
  void pathsAreShortWhateverTheReplacementIs() {
    Mmu mmu = mmu(ALL, new CacheGeometry(1, 16, Replacement.RANDOM));
    for (int i = 0; i < 5; i++) {
      assertEquals(0x3000 + i, mmu.translate(0x3000 + i, AccessCode.USER_WRITE));
    }
    assertEquals(1, state.get(Scalars.SHORT_WALKS));
    assertEquals(0, generalAccesses());
  }

  /** Accesses that did not end on the hot or the short paths. */
  private long generalAccesses() {
    return state.views[0].general + state.views[1].general + state.views[2].general;
  }

  private static List<Integer> ages(Mmu mmu) {
    return mmu.snapshot().tlbs().get("L1").stream().map(TlbEntry::age).toList();
  }

  @Test
  void fetchesAreShortWhereTheyShareTheFirstLevel() {
    assertEquals(0x3000, mmu(ALL, lru(1, 16)).translate(0x3000, AccessCode.USER_FETCH));
    assertEquals(1, state.get(Scalars.SHORT_WALKS));
  }

  @Test
  void dataIsShortWhereFetchesHaveAFirstLevelOfTheirOwn() {
    Mmu mmu = mmu(DATA, lru(1, 16));
    assertEquals(0x3000, mmu.translate(0x3000, AccessCode.SUPERVISOR_WRITE));
    assertEquals(1, state.get(Scalars.SHORT_WALKS));
    assertEquals(0x3000, mmu.translate(0x3000, AccessCode.SUPERVISOR_FETCH));
    assertEquals(1, mmu.counters().tlbs().get("L2").hits());
  }

  /** A large page, or a global one, sends nothing but its own accesses the general way. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pathsStayShortBesideSuchPages(boolean global) {
    Mmu mmu = mmu(ALL, lru(1, 16));
    mmu.movToCr4(Cr4.PAE | Cr4.PGE);
    if (global) {
      memory.write64(0x4000, OPEN | Entry.G);
    } else {
      memory.write64(0x3008, Entry.PS | OPEN);
    }
    mmu.translate(global ? 0 : 2L << 20, AccessCode.USER_READ);
    mmu.translate(0x3000, AccessCode.USER_READ);
    assertEquals(1, state.get(Scalars.SHORT_WALKS));
    mmu.invpcid(new InvpcidOperand(2, 0, 0));
    mmu.translate(0x3000, AccessCode.USER_READ);
    assertEquals(2, state.get(Scalars.SHORT_WALKS));
    mmu.translate(global ? 0 : 2L << 20, AccessCode.USER_READ);
    mmu.reset(mmu.cpu(), Registers.longMode(0x1000));
    mmu.translate(0x3000, AccessCode.USER_READ);
    assertEquals(1, state.get(Scalars.SHORT_WALKS));
  }

  @Test
  void resetForgetsWhatShortWalksHaveFilled() {
    Mmu mmu = mmu(ALL, lru(1, 16));
    for (boolean countersToo : new boolean[] {false, true}) {
      memory.write64(0x4018, 0x3000 | OPEN);
      assertEquals(0x3000, mmu.translate(0x3000, AccessCode.USER_READ));
      assertEquals(1, state.get(Scalars.SHORT_WALKS));
      if (countersToo) {
        mmu.resetCounters();
        MmuCounters.Structure nothing = new MmuCounters.Structure(0, 0, 0, 0, 0);
        assertEquals(Map.of("L1", nothing, "L2", nothing), mmu.counters().tlbs());
      }
      mmu.reset(mmu.cpu(), Registers.longMode(0x1000));
      assertEquals(List.of(), mmu.snapshot().tlbs().get("L1"));
      assertEquals(List.of(), mmu.snapshot().tlbs().get("L2"));
      memory.write64(0x4018, 0x7000 | OPEN);
      assertEquals(0x7000, mmu.translate(0x3000, AccessCode.USER_READ));
      mmu.reset(mmu.cpu(), Registers.longMode(0x1000));
    }
  }

  @Test
  void pagesNextToEachOtherHaveHintsOfTheirOwnAtEachPort() {
    Set<Integer> slots = new HashSet<>();
    for (int port = 0; port < 4; port++) {
      for (long page = 0; page < 1 << Hints.BITS; page++) {
        slots.add(Hints.slot(page << 12 | 0x123, port));
      }
    }
    assertEquals(4 << Hints.BITS, slots.size());
  }

  /** Kinds 3, 6 and 7 do not exist, at any mode; nor do codes from 128 on. */
  @ParameterizedTest
  @ValueSource(ints = {3, 6, 7, 11, 14, 15, 127, 128, 130, -1, Integer.MIN_VALUE})
  void whatIsNoAccessCodeIsRefused(int code) {
    assertThrows(IllegalArgumentException.class, () -> AccessCode.check(code));
    if (code > 0 && code < AccessCode.COUNT) {
      Mmu mmu = mmu(ALL, lru(1, 16));
      assertEquals(0x3000, mmu.translate(0x3000, AccessCode.SUPERVISOR_WRITE));
      assertThrows(IllegalArgumentException.class, () -> mmu.translate(0x3000, code));
      assertThrows(IllegalArgumentException.class, () -> mmu.translate(0x5000, code));
    }
  }
}
