package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** A write that CR0.WP = 0 lets through to a read-only page sets D, unless the model says no. */
class DirtyOnReadOnlyTest {
  private static final long VA = 0x40_3000L;
  private static final long A_D = Entry.A | Entry.D;

  @Test
  void dirtyIsSetAsForEveryWrite() {
    assertEquals(A_D, marksOfWrite(cpu(DirtyOnReadOnly.SET, true), Level.PT));
    assertEquals(A_D, marksOfWrite(cpu(DirtyOnReadOnly.SET, false), Level.PT));
  }

  @Test
  void aProcessorWithShadowStacksMakesNoShadowStackPageByAccident() {
    Cpu cpu = cpu(DirtyOnReadOnly.NOT_WITH_SHADOW_STACKS, true);
    assertEquals(Entry.A, marksOfWrite(cpu, Level.PT));
  }

  @Test
  void theChoiceConcernsProcessorsWithShadowStacksOnly() {
    Cpu cpu = cpu(DirtyOnReadOnly.NOT_WITH_SHADOW_STACKS, false);
    assertEquals(A_D, marksOfWrite(cpu, Level.PT));
  }

  @Test
  void aPageReadOnlyByATableAloneGetsDirty() {
    Cpu cpu = cpu(DirtyOnReadOnly.NOT_WITH_SHADOW_STACKS, true);
    for (Level level : new Level[] {Level.PML4, Level.PDPT, Level.PD}) {
      assertEquals(A_D, marksOfWrite(cpu, level));
    }
  }

  /** The A and D that a supervisor-mode write sets in a PTE, R/W being 0 at {@code readOnly}. */
  private static long marksOfWrite(Cpu cpu, Level readOnly) {
    try (PageTables tables = PageTables.withPage(VA, 0x9000)) {
      tables.write(VA, readOnly, tables.read(VA, readOnly) & ~Entry.RW);
      Registers registers = tables.registers();
      ReferenceWalk walk =
          new ReferenceWalk(tables.memory, cpu, registers.withCr0(registers.cr0() & ~Cr0.WP));
      Access write = Access.of(VA, AccessKind.WRITE, Mode.SUPERVISOR);
      assertEquals(new Outcome.Reached(0x9000), walk.access(write).outcome());
      return tables.read(VA, Level.PT) & A_D;
    }
  }

  private static Cpu cpu(DirtyOnReadOnly choice, boolean shadowStacks) {
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    if (!shadowStacks) {
      features.remove(Feature.CET_SS);
    }
    return new Cpu(46, features, ModelPresets.SDM.with(choice));
  }
}
