package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.AbsentOneGigabytePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** A PDPTE or PDE with PS = 1 maps a page: its address, its PAT bit, its absence. */
class LargePageTest {
  private static final long VA = 0x0000_7f12_3fff_ffffL;

  @Test
  void theOffsetIsAsWideAsThePage() {
    try (PageTables tables = PageTables.fourLevel()) {
      tables.map(VA, Level.PDPT, 0x3_4000_0000L | Entry.PS | PageTables.OPEN);
      assertEquals(
          new Outcome.Reached(0x3_4000_0000L + (VA & 0x3fff_ffffL)),
          tables.supervisor(AccessKind.READ, VA));
    }
    try (PageTables tables = PageTables.fourLevel()) {
      tables.map(VA, Level.PD, 0x3_40e0_0000L | Entry.PS | PageTables.OPEN);
      assertEquals(
          new Outcome.Reached(0x3_40e0_0000L + (VA & 0x1f_ffffL)),
          tables.supervisor(AccessKind.READ, VA));
    }
  }

  @Test
  void patInBit12IsNoAddressBit() {
    for (Level level : new Level[] {Level.PDPT, Level.PD}) {
      try (PageTables tables = PageTables.fourLevel()) {
        long entry = 0x3_4000_0000L | Entry.PS | PageTables.OPEN;
        tables.map(VA, level, entry);
        Outcome without = tables.supervisor(AccessKind.READ, VA & ~0x1000L);
        tables.write(VA, level, entry | Entry.PAT_LARGE);
        assertEquals(without, tables.supervisor(AccessKind.READ, VA & ~0x1000L));
        assertEquals(
            new Outcome.Reached(0x3_4000_0000L),
            tables.supervisor(AccessKind.READ, VA & -level.span()));
      }
    }
  }

  @Test
  void patInBit7OfAPteIsNoPageSize() {
    try (PageTables tables = PageTables.withPage(VA, 0x3_4000_0000L | Entry.PAT_4K)) {
      assertEquals(new Outcome.Reached(0x3_4000_0fffL), tables.supervisor(AccessKind.READ, VA));
    }
  }

  @Test
  void withoutOneGigabytePagesTheirPsIsReserved() {
    assertEquals(new Outcome.PageFault(9, VA), readWithout(AbsentOneGigabytePages.RESERVED));
  }

  @Test
  void byChoiceOneGigabytePagesAreWalkedAllTheSame() {
    assertEquals(
        new Outcome.Reached(0x3_4000_0000L + (VA & 0x3fff_ffffL)),
        readWithout(AbsentOneGigabytePages.WALKED));
  }

  @Test
  void twoMegabytePagesNeedNoFeature() {
    try (PageTables tables = PageTables.fourLevel()) {
      tables.map(VA, Level.PD, 0x40_0000L | Entry.PS | PageTables.OPEN);
      Cpu cpu = new Cpu(40, EnumSet.noneOf(Feature.class), ModelPresets.SDM);
      assertEquals(
          new Outcome.Reached(0x40_0000L + (VA & 0x1f_ffffL)),
          new ReferenceWalk(tables.memory, cpu, tables.registers())
              .access(Access.of(VA, AccessKind.READ, Mode.SUPERVISOR))
              .outcome());
    }
  }

  private static Outcome readWithout(AbsentOneGigabytePages choice) {
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    features.remove(Feature.PAGE1GB);
    Cpu cpu = new Cpu(46, features, ModelPresets.SDM.with(choice));
    try (PageTables tables = PageTables.fourLevel()) {
      tables.map(VA, Level.PDPT, 0x3_4000_0000L | Entry.PS | PageTables.OPEN);
      return new ReferenceWalk(tables.memory, cpu, tables.registers())
          .access(Access.of(VA, AccessKind.READ, Mode.SUPERVISOR))
          .outcome();
    }
  }
}
