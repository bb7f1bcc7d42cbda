package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hint says, flags and all, holds after every step. */
class HintsTest {
  private static final long OPEN = Entry.P | Entry.RW | Entry.US | Entry.A | Entry.D;
  private static final int SEEDS = 60;
  private static final int STEPS = 1000;

  /** Pages with the same hint are this far apart. */
  private static final long ALIAS = 1L << (12 + Hints.BITS);

  private static final int ALIASES = 24;
  private static final long[] TABLES = {0x1000, 0x2000, 0x3000, 0x4000};

  /** A page of 2 MiB, in which addresses share hints with those of small pages too. */
  private static final long LARGE = 40 * ALIAS;

  @AutoClose
  private final PhysicalMemory memory = PhysicalMemory.builder().ram(0, 1L << 20).flat().build();

  private Mmu mmu;
  private MmuState state;

  /** Entries that a hint names, and those of which a flag warns. */
  private long named;

  private long warned;

  static Stream<Named<Function<Random, CpuModel>>> models() {
    return Stream.of(
        Named.of("short paths", TwinModels::withShortPaths),
        Named.of("small", TwinModels::small),
        Named.of("desktop", random -> TwinModels.desktop(random, EnumSet.of(Level.PD))));
  }

  @ParameterizedTest
  @MethodSource("models")
  void unlessAFlagWarnsNoOtherEntryHasAPageWithThatHint(Function<Random, CpuModel> models) {
    long walks = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      start(models.apply(random));
      for (int step = 0; step < STEPS; step++) {
        perform(random);
        check("seed " + seed + ", step " + step);
      }
      for (int port = 0; port < Scalars.PORTS; port++) {
        walks += state.get(Scalars.SHORT_WALKS + port);
      }
    }
    assertTrue(named > 100_000 && warned > 10_000, named + " named, warned of " + warned);
    assertTrue(walks > 1000, "short walks: " + walks);
  }

  @Test
  void theFlagsOfPagesAreApartAsTheirHintsAre() {
    for (long address : new long[] {0, 0x3000, 0x7fff_f000L, -0x1000}) {
      assertTrue(Hints.share(address, address ^ ALIAS));
      assertTrue(Hints.share(address, address ^ 0xfff));
      assertEquals(64, Hints.ifShared(address, address ^ (5 * ALIAS), 64));
      for (int bit = 12; bit < 12 + Hints.BITS; bit++) {
        assertTrue(!Hints.share(address, address ^ (1L << bit)));
        assertEquals(0, Hints.ifShared(address, address ^ (1L << bit) ^ ALIAS, 64));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1024, 2, 128, 16", "1024, 1, 128, 16", "1024, 1, 4096, 1", "64, 4, 128, 12"})
  void whatHintsSayNothingOfIsSearched(int sets, int ways, int secondSets, int secondWays) {
    start(
        new CpuModel(
            "two levels",
            List.of(tlb("L1", sets, ways)),
            List.of(tlb("L2", secondSets, secondWays)),
            Map.of(),
            LargePages.WHOLE,
            1));
    boolean hasRoom = sets * ways <= 1024 && secondWays > 1;
    assertEquals(hasRoom, state.layout.hints.crowdedSecond != 0);
    int pages = Math.min(ways + 1, secondWays);
    for (int round = 0; round < 2; round++) {
      for (int page = 0; page < pages; page++) {
        assertEquals(0x5123, mmu.translate(page * ALIAS + 0x5123, AccessCode.USER_READ));
      }
    }
    assertEquals(pages, state.get(Scalars.SHORT_WALKS));
    assertEquals(pages > ways ? pages : 0, state.get(Scalars.SHORT_HITS));
    assertEquals(0, state.views[0].general);
  }

  private static TlbGeometry tlb(String name, int sets, int ways) {
    CacheGeometry shape = new CacheGeometry(sets, ways, Replacement.LRU);
    return new TlbGeometry(name, EnumSet.allOf(Port.class), EnumSet.allOf(PageSize.class), shape);
  }

  private void start(CpuModel model) {
    memory.clear();
    for (int i = 0; i < 2; i++) {
      memory.write64(TABLES[i], TABLES[i + 1] | OPEN);
    }
    for (long page = 0; page < 512; page++) {
      memory.write64(TABLES[2] + 8 * page, TABLES[3] | OPEN);
      memory.write64(TABLES[3] + 8 * page, page << 12 | OPEN);
    }
    // The second GiB has the tables of the first.
    memory.write64(TABLES[1] + 8, TABLES[2] | OPEN);
    memory.write64(TABLES[2] + 8 * ((LARGE >>> 21) & 511), Entry.PS | OPEN);
    state = new MmuState(model, memory);
    state.reset(
        Cpu.withEverything(46, ModelPresets.SDM),
        Registers.longMode(TABLES[0]).withCr4(Cr4.PAE | Cr4.PGE | Cr4.PCIDE));
    mmu = Specialiser.create(state, new Invalidation(state));
  }

  private void perform(Random random) {
    long page = random.nextLong(6) << 12;
    long address = random.nextInt(ALIASES) * ALIAS + page;
    switch (random.nextInt(64)) {
      case 0 -> mmu.movToCr3(TABLES[0] | random.nextInt(3) | (random.nextLong() & (1L << 63)));
      case 1 -> mmu.invlpg(address);
      case 2 -> mmu.invpcid(new InvpcidOperand(random.nextInt(3), 1, address));
      case 3 -> memory.write64(TABLES[3] + (page >>> 9), page | entry(random));
      case 4 -> mmu.translate(LARGE + page, AccessCode.USER_READ);
      default -> {
        int[] codes = {
          AccessCode.USER_READ,
          AccessCode.USER_WRITE,
          AccessCode.USER_FETCH,
          AccessCode.USER_READ,
          AccessCode.SUPERVISOR_WRITE
        };
        mmu.translate(address, codes[random.nextInt(codes.length)]);
      }
    }
  }

  /** Mostly nothing special: a page that is not dirty, read-only, global, or not there. */
  private static long entry(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> OPEN & ~Entry.D;
      case 1 -> OPEN & ~Entry.RW;
      case 2 -> OPEN | Entry.G;
      case 3 -> 0;
      default -> OPEN;
    };
  }

  private void check(String when) {
    Hints hints = state.layout.hints;
    for (Port port : Port.values()) {
      int number = state.layout.portOf(port);
      Tlb first = state.layout.mainFirst(port);
      for (int i : entries(first)) {
        int hint = hint(first, i, number);
        check(when, (hint & hints.entryMask) == i, (hint & hints.crowded) != 0);
      }
      Tlb second = state.layout.mainSecond(port);
      boolean isTold = port != Port.FETCH || number == state.layout.portOf(Port.LOAD);
      if (second != null && isTold && hints.crowdedSecond != 0) {
        for (int i : entries(second)) {
          int hint = hint(second, i, number);
          int way = i - second.firstOfEntry(i);
          check(when, hint >>> hints.wayShift == way, (hint & hints.crowdedSecond) != 0);
        }
      }
    }
  }

  private void check(String when, boolean isNamed, boolean isWarned) {
    assertTrue(isNamed || isWarned, when);
    named += isNamed ? 1 : 0;
    warned += isNamed ? 0 : 1;
  }

  private int hint(Tlb tlb, int i, int port) {
    return state.layout.hints.table[Hints.slot(tlb.array[i], port)];
  }

  /** The entries of 4 KiB pieces. */
  private static List<Integer> entries(Tlb tlb) {
    return Stream.iterate(0, set -> set < tlb.sets, set -> set + 1)
        .flatMap(set -> Stream.iterate(tlb.first(set), i -> i + 1).limit(tlb.ways))
        .filter(i -> tlb.array[i + tlb.wordAt] != 0)
        .filter(i -> Cached.size(tlb.array[i + tlb.wordAt]) == PageSize.SIZE_4K)
        .toList();
  }
}
