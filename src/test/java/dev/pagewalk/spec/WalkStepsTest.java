package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.WalkStep.AddressChecked;
import dev.pagewalk.spec.WalkStep.EntryRead;
import dev.pagewalk.spec.WalkStep.Marked;
import dev.pagewalk.spec.WalkStep.RightsChecked;
import dev.pagewalk.spec.WalkStep.Stopped;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A walk's record names every word read, decision and update in the order in which they came. */
class WalkStepsTest {
  private static final long VA = 0x0000_1234_5678_9abcL;
  private static final Rights ALL = new Rights(true, true, true, false);

  @Test
  void aWriteToASmallPageReadsFourEntriesAndMarksThem() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      long pml4e = tables.read(VA, Level.PML4);
      long pdpte = tables.read(VA, Level.PDPT);
      long pde = tables.read(VA, Level.PD);
      long pte = tables.read(VA, Level.PT);
      // The tables lie where the indices of the address lead: 0x024, 0x0d1, 0x0b3, 0x189.
      long a4 = tables.rootTable() + 8 * 0x024;
      long a3 = (pml4e & ~0xfffL) + 8 * 0x0d1;
      long a2 = (pdpte & ~0xfffL) + 8 * 0x0b3;
      long a1 = (pde & ~0xfffL) + 8 * 0x189;
      List<WalkStep> expected =
          List.of(
              new AddressChecked(VA, VA, 48, true),
              new EntryRead(EntryKind.PML4E, a4, pml4e, false),
              new Marked(a4, pml4e, pml4e | Entry.A),
              new EntryRead(EntryKind.PDPTE_TABLE, a3, pdpte, false),
              new Marked(a3, pdpte, pdpte | Entry.A),
              new EntryRead(EntryKind.PDE_TABLE, a2, pde, false),
              new Marked(a2, pde, pde | Entry.A),
              new EntryRead(EntryKind.PTE, a1, pte, false),
              new RightsChecked(ALL, pte, List.of()),
              new Marked(a1, pte, pte | Entry.A | Entry.D));
      WalkResult result = walk(tables).access(Access.of(VA, AccessKind.WRITE, Mode.USER));
      assertEquals(expected, result.steps());
      assertEquals(new Outcome.Reached(0x5abc), result.outcome());
    }
  }

  @Test
  void aSecondReadMarksNothing() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      Access read = Access.of(VA, AccessKind.READ, Mode.USER);
      walk(tables).access(read);
      List<WalkStep> steps = walk(tables).access(read).steps();
      assertEquals(0, steps.stream().filter(Marked.class::isInstance).count());
      assertEquals(4, steps.stream().filter(EntryRead.class::isInstance).count());
    }
  }

  @Test
  void aLargePageEndsTheWalkAboveAndFiveLevelsBeginItAbove() {
    try (PageTables tables = PageTables.fiveLevel()) {
      tables.map(VA, Level.PD, 0x40_0000 | Entry.PS | PageTables.OPEN);
      List<EntryKind> kinds =
          walk(tables).probe(Access.of(VA, AccessKind.READ, Mode.USER)).steps().stream()
              .filter(EntryRead.class::isInstance)
              .map(step -> ((EntryRead) step).kind())
              .toList();
      assertEquals(
          List.of(EntryKind.PML5E, EntryKind.PML4E, EntryKind.PDPTE_TABLE, EntryKind.PDE_2M),
          kinds);
    }
  }

  @Test
  void aWalkThatStopsNamesTheRuleAndTheBits() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      Access read = Access.of(VA, AccessKind.READ, Mode.USER);
      tables.write(VA, Level.PT, 0x5000);
      assertEquals(new Stopped(Rule.PRESENT, Entry.P), walk(tables).access(read).steps().getLast());
      tables.write(VA, Level.PT, 0x5000 | PageTables.OPEN | 5L << 48);
      assertEquals(
          new Stopped(Rule.RESERVED, 5L << 48), walk(tables).access(read).steps().getLast());
    }
  }

  @Test
  void aRefusalNamesEveryRuleInItsWay() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      tables.write(VA, Level.PT, 0x5000 | Entry.P | 3L << Entry.KEY_SHIFT);
      Registers registers = tables.registers().withCr4(Cr4.PAE | Cr4.PKS).withPkrs(0b11 << 6);
      WalkResult result =
          new ReferenceWalk(tables.memory, PageTables.CPU, registers)
              .access(Access.of(VA, AccessKind.WRITE, Mode.USER));
      assertEquals(
          new RightsChecked(
              new Rights(false, false, true, false),
              0x5000 | Entry.P | 3L << Entry.KEY_SHIFT,
              List.of(Rule.USER_ADDRESS, Rule.WRITE, Rule.KEY_ACCESS, Rule.KEY_WRITE)),
          result.steps().getLast());
      assertEquals(new Outcome.PageFault(0x27, VA), result.outcome());
    }
  }

  @Test
  void aTableWhereNoMemoryAnswersIsAllOnes() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 20)) {
      memory.write64(0x1000, 0x8000_0000L | PageTables.OPEN);
      WalkResult result =
          new ReferenceWalk(memory, PageTables.CPU, Registers.longMode(0x1000))
              .access(Access.of(0, AccessKind.READ, Mode.SUPERVISOR));
      assertEquals(
          new EntryRead(EntryKind.PDPTE_1G, 0x8000_0000L, -1, true), result.steps().get(3));
      assertEquals(new Outcome.PageFault(9, 0), result.outcome());
    }
  }

  private static ReferenceWalk walk(PageTables tables) {
    return new ReferenceWalk(tables.memory, PageTables.CPU, tables.registers());
  }
}
