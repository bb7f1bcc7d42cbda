package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A table that references itself: one word is read at several levels, and all its roles count. */
class RecursiveTablesTest {
  private static final int SELF = 0x1ed;
  private static final long VA = 0x0000_1234_5678_9000L;

  @ParameterizedTest
  @EnumSource(AccessedOnFault.class)
  void aWriteThroughTheRootItselfMarksItsEntryAccessedAndDirty(AccessedOnFault choice) {
    try (PageTables tables = recursive()) {
      long va = address(SELF, SELF, SELF, SELF);
      Outcome outcome = access(tables, choice, AccessKind.WRITE, va);
      assertEquals(new Outcome.Reached(tables.rootTable()), outcome);
      long entry = tables.memory.read64(tables.rootTable() + 8 * SELF);
      assertEquals(selfEntry(tables) | Entry.A | Entry.D, entry);
    }
  }

  @ParameterizedTest
  @EnumSource(AccessedOnFault.class)
  void eachTableOfAPageIsReachedThroughTheWindow(AccessedOnFault choice) {
    int[] index = {Level.PML4.index(VA), Level.PDPT.index(VA), Level.PD.index(VA)};
    Map<Long, Level> windows = new LinkedHashMap<>();
    windows.put(address(SELF, SELF, SELF, index[0]), Level.PML4);
    windows.put(address(SELF, SELF, index[0], index[1]), Level.PDPT);
    windows.put(address(SELF, index[0], index[1], index[2]), Level.PD);
    windows.forEach((window, level) -> {
      try (PageTables tables = recursive()) {
        long entry = tables.read(VA, level);
        Outcome outcome = access(tables, choice, AccessKind.WRITE, window);
        assertEquals(new Outcome.Reached(Entry.table(entry)), outcome);
        assertEquals(entry | Entry.A | Entry.D, tables.read(VA, level));
        long self = tables.memory.read64(tables.rootTable() + 8 * SELF);
        assertEquals(selfEntry(tables) | Entry.A, self);
      }
    });
  }

  @ParameterizedTest
  @EnumSource(AccessedOnFault.class)
  void aRefusedWriteMarksTheSharedEntryForItsUpperRolesOnly(AccessedOnFault choice) {
    try (PageTables tables = recursive()) {
      long address = tables.rootTable() + 8 * SELF;
      tables.memory.write64(address, selfEntry(tables) & ~Entry.RW);
      long va = address(SELF, SELF, SELF, SELF);
      Outcome outcome = access(tables, choice, AccessKind.WRITE, va);
      assertEquals(new Outcome.PageFault(7, va), outcome);
      long marks = choice == AccessedOnFault.NONE ? 0 : Entry.A;
      assertEquals((selfEntry(tables) & ~Entry.RW) | marks, tables.memory.read64(address));
    }
  }

  private static PageTables recursive() {
    PageTables tables = PageTables.withPage(VA, 0x9000);
    tables.memory.write64(tables.rootTable() + 8 * SELF, selfEntry(tables));
    return tables;
  }

  private static long selfEntry(PageTables tables) {
    return tables.rootTable() | PageTables.OPEN;
  }

  private static long address(int pml4, int pdpt, int pd, int pt) {
    long va = (long) pml4 << 39 | (long) pdpt << 30 | (long) pd << 21 | (long) pt << 12;
    return va << 16 >> 16;
  }

  private static Outcome access(
      PageTables tables, AccessedOnFault choice, AccessKind kind, long va) {
    Cpu cpu = PageTables.CPU.with(ModelPresets.SDM.with(choice));
    Access access = Access.of(va, kind, Mode.USER);
    return new ReferenceWalk(tables.memory, cpu, tables.registers()).access(access).outcome();
  }
}
