package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bare translation asks no right and sets no bit. */
class TranslateTest {
  private static final long VA = 0xffff_8123_4567_8000L;
  private final PageTables tables = PageTables.withPage(VA, 0x9000);

  @AfterEach
  void close() {
    tables.close();
  }

  @Test
  void noRightIsAskedFor() {
    Registers strict =
        tables
            .registers()
            .withCr4(Cr4.PAE | Cr4.SMEP | Cr4.SMAP | Cr4.PKE | Cr4.PKS)
            .withPkru(-1)
            .withPkrs(-1);
    for (long flags : new long[] {0, Entry.US, Entry.RW, Entry.XD, Entry.KEY, -1L & Entry.XD}) {
      tables.write(VA, Level.PT, 0x9000 | Entry.P | flags);
      WalkResult result = walk(strict).translate(VA + 0x10);
      assertEquals(new Outcome.Reached(0x9010), result.outcome());
      assertEquals(0x9010, result.translation().orElseThrow().physicalAddress());
    }
  }

  @Test
  void noBitIsSet() {
    WalkResult result = walk(tables.registers()).translate(VA);
    assertTrue(result.reached());
    for (Level level = Level.PML4; ; level = level.next()) {
      assertEquals(0, tables.read(VA, level) & (Entry.A | Entry.D));
      if (level == Level.PT) {
        break;
      }
    }
    assertTrue(result.steps().stream().noneMatch(WalkStep.Marked.class::isInstance));
  }

  @Test
  void whereThereIsNoTranslationThePageFaultSaysWhy() {
    tables.write(VA, Level.PT, 0);
    assertEquals(new Outcome.PageFault(0, VA), walk(tables.registers()).translate(VA).outcome());
    tables.write(VA, Level.PT, Entry.P | 1L << 50);
    assertEquals(new Outcome.PageFault(9, VA), walk(tables.registers()).translate(VA).outcome());
  }

  @Test
  void aPointerWithDataBitsIsNoAddress() {
    Registers lam =
        tables.registers().withCr3(tables.rootTable() | Cr3.LAM_U48).withCr4(Cr4.PAE | Cr4.LAM_SUP);
    Outcome outcome = walk(lam).translate(VA & ~(1L << 60)).outcome();
    assertEquals(new Outcome.GeneralProtection(), outcome);
  }

  @Test
  void theTranslationDescribesThePage() {
    tables.write(VA, Level.PD, tables.read(VA, Level.PD) & ~Entry.RW);
    tables.write(VA, Level.PML4, tables.read(VA, Level.PML4) & ~Entry.US);
    long pte = 0x9000 | PageTables.OPEN | Entry.XD;
    tables.write(VA, Level.PT, pte);
    Translation translation = walk(tables.registers()).translate(VA).translation().orElseThrow();
    assertEquals(
        new Translation(
            Level.PT,
            tables.addressOf(VA, Level.PT),
            pte,
            0x9000,
            new Rights(false, false, false, true)),
        translation);
    assertEquals(4096, translation.pageBytes());
  }

  private ReferenceWalk walk(Registers registers) {
    return new ReferenceWalk(tables.memory, PageTables.CPU, registers);
  }
}
