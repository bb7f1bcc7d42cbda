package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.Bit8;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bit of every kind of entry is reserved just where the manual says so. */
class ReservedBitsTest {
  private static final long VA = 0x0000_1234_5678_9000L;

  /** SDM 3A, the figures of the entry formats: bits that are reserved on every processor. */
  private static final Map<EntryKind, Long> ALWAYS =
      Map.of(
          EntryKind.PML5E, bits(7, 7),
          EntryKind.PML4E, bits(7, 7),
          EntryKind.PDPTE_TABLE, 0L,
          EntryKind.PDPTE_1G, bits(29, 13),
          EntryKind.PDE_TABLE, 0L,
          EntryKind.PDE_2M, bits(20, 13),
          EntryKind.PTE, 0L);

  @ParameterizedTest
  @ValueSource(ints = {36, 40, 46, 52})
  void aSingleBitFaultsWhereTheManualReservesItAndNowhereElse(int maxPhyAddr) {
    for (boolean nxe : new boolean[] {false, true}) {
      for (boolean page1gb : new boolean[] {false, true}) {
        Cpu cpu = cpu(maxPhyAddr, page1gb);
        for (EntryKind kind : EntryKind.values()) {
          long reserved = ALWAYS.get(kind) | bits(51, maxPhyAddr) | (nxe ? 0 : 1L << 63);
          checkEveryBit(cpu, nxe, kind, reserved);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {36, 40, 46, 52})
  void theMaskIsTheManualsTable(int maxPhyAddr) {
    for (boolean nxe : new boolean[] {false, true}) {
      for (boolean page1gb : new boolean[] {false, true}) {
        ReservedBits masks = new ReservedBits(cpu(maxPhyAddr, page1gb), registers(0, nxe));
        for (EntryKind kind : EntryKind.values()) {
          long reserved = ALWAYS.get(kind) | bits(51, maxPhyAddr) | (nxe ? 0 : 1L << 63);
          boolean noSuchPage = kind == EntryKind.PDPTE_1G && !page1gb;
          assertEquals(
              Long.toHexString(noSuchPage ? reserved | 1L << 7 : reserved),
              Long.toHexString(masks.mask(kind)),
              kind.title());
        }
      }
    }
  }

  @Test
  void amdReservesBit8OfPml5eAndPml4e() {
    Cpu cpu = Cpu.withEverything(52, ModelPresets.AMD);
    for (EntryKind kind : EntryKind.values()) {
      boolean reserves = kind == EntryKind.PML5E || kind == EntryKind.PML4E;
      checkEveryBit(cpu, true, kind, ALWAYS.get(kind) | (reserves ? 1L << 8 : 0));
    }
  }

  @Test
  void bit8OfAPdpteIsReservedByChoiceIfItReferencesATable() {
    Cpu cpu = Cpu.withEverything(52, ModelPresets.SDM.with(Bit8.RESERVED_IN_PDPTE_TOO));
    for (EntryKind kind : EntryKind.values()) {
      boolean reserves =
          kind == EntryKind.PML5E || kind == EntryKind.PML4E || kind == EntryKind.PDPTE_TABLE;
      checkEveryBit(cpu, true, kind, ALWAYS.get(kind) | (reserves ? 1L << 8 : 0));
    }
  }

  @Test
  void anEntryThatIsNotPresentHasNoReservedBit() {
    Cpu cpu = cpu(36, false);
    for (Level level : Level.values()) {
      try (PageTables tables = PageTables.fiveLevel()) {
        tables.map(VA, level, -1L & ~Entry.P);
        assertEquals(new Outcome.PageFault(0, VA), read(tables, cpu, false), level.toString());
      }
    }
  }

  @Test
  void ofTwoFaultyEntriesTheUpperOneDecides() {
    try (PageTables tables = PageTables.fiveLevel()) {
      tables.map(VA, Level.PT, 0);
      tables.write(VA, Level.PDPT, tables.read(VA, Level.PDPT) | 1L << 50);
      assertEquals(new Outcome.PageFault(9, VA), read(tables, cpu(46, true), true));
      tables.write(VA, Level.PML4, 0);
      assertEquals(new Outcome.PageFault(0, VA), read(tables, cpu(46, true), true));
    }
  }

  private static void checkEveryBit(Cpu cpu, boolean nxe, EntryKind kind, long reserved) {
    boolean noSuchPage = kind == EntryKind.PDPTE_1G && !cpu.has(Feature.PAGE1GB);
    try (PageTables tables = PageTables.fiveLevel()) {
      tables.map(VA, kind.level(), 0);
      for (int bit = 1; bit < 64; bit++) {
        boolean changesKind = bit == 7 && kind.level().compareTo(Level.PML4) > 0;
        if (changesKind && kind != EntryKind.PTE) {
          continue;
        }
        boolean large = kind == EntryKind.PDPTE_1G || kind == EntryKind.PDE_2M;
        tables.write(VA, kind.level(), PageTables.OPEN | (large ? Entry.PS : 0) | 1L << bit);
        Outcome outcome = read(tables, cpu, nxe);
        boolean faults = outcome instanceof Outcome.PageFault fault && fault.error() == 9;
        boolean expected = noSuchPage || (reserved & 1L << bit) != 0;
        assertEquals(expected, faults, kind.title() + " bit " + bit + ": " + outcome);
      }
    }
  }

  private static Outcome read(PageTables tables, Cpu cpu, boolean nxe) {
    Registers registers = registers(tables.rootTable(), nxe).withCr4(tables.registers().cr4());
    return new ReferenceWalk(tables.memory, cpu, registers)
        .probe(Access.of(VA, AccessKind.READ, Mode.SUPERVISOR))
        .outcome();
  }

  private static Registers registers(long cr3, boolean nxe) {
    Registers registers = Registers.longMode(cr3);
    return nxe ? registers : registers.withEfer(registers.efer() & ~Efer.NXE);
  }

  private static Cpu cpu(int maxPhyAddr, boolean page1gb) {
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    if (!page1gb) {
      features.remove(Feature.PAGE1GB);
    }
    return new Cpu(maxPhyAddr, features, ModelPresets.SDM);
  }

  /** Bits {@code high} to {@code low}; none if {@code low} is the greater. */
  private static long bits(int high, int low) {
    long mask = 0;
    for (int bit = low; bit <= high; bit++) {
      mask |= 1L << bit;
    }
    return mask;
  }
}
