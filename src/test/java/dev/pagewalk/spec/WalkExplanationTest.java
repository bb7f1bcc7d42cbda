package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A walk is told in words: what was read, why it ended, which bits it set. */
class WalkExplanationTest {
  private static final long VA = 0x0000_1234_5678_9abcL;

  @Test
  void aWriteIsToldEntryByEntryWithTheBitsItSets() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      tables.write(VA, Level.PT, 0x5000 | PageTables.OPEN | 3L << Entry.KEY_SHIFT);
      WalkResult result = walk(tables).access(Access.of(VA, AccessKind.WRITE, Mode.USER));
      assertEquals(
          """
          addr  0x0000123456789abc is canonical in 48 bits
          read  PML4E [0x101120] = 0x0000000000102007 -> PDPT at 0x102000  U/S R/W P
          mark  [0x101120] 0x0000000000102007 -> 0x0000000000102027: sets A
          read  PDPTE [0x102688] = 0x0000000000103007 -> PD at 0x103000  U/S R/W P
          mark  [0x102688] 0x0000000000103007 -> 0x0000000000103027: sets A
          read  PDE   [0x103598] = 0x0000000000104007 -> PT at 0x104000  U/S R/W P
          mark  [0x103598] 0x0000000000104007 -> 0x0000000000104027: sets A
          read  PTE   [0x104c48] = 0x1800000000005007 -> page 0x5000  key=3 U/S R/W P
          check all levels: U/S 1, R/W 1, XD 0, key 3: allowed
          mark  [0x104c48] 0x1800000000005007 -> 0x1800000000005067: sets A and D
          => physical address 0x5abc
          """,
          WalkExplanation.of(result));
    }
  }

  @Test
  void aRefusalNamesEachRuleInItsWay() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      tables.write(VA, Level.PT, 0x5000 | Entry.P | Entry.XD | Entry.A);
      WalkResult result = walk(tables).probe(Access.of(VA, AccessKind.WRITE, Mode.USER));
      assertEquals(
          List.of(
              "check all levels: U/S 0, R/W 0, XD 1, key 0: refused",
              "      rule: user-mode accesses reach user-mode addresses only: U/S is 1 in every"
                  + " entry (SDM \"Determination of Access Rights\")",
              "      rule: user-mode writes need R/W to be 1 in every entry"
                  + " (SDM \"Determination of Access Rights\")",
              "=> #PF, error code 0x7 (U/S W/R P), CR2 0x123456789abc"),
          last(4, result));
    }
  }

  @Test
  void ofAShadowStackItIsToldWhatMakesItsPages() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      Registers registers = tables.registers().withCr4(Cr4.PAE | Cr4.CET);
      ReferenceWalk walk = new ReferenceWalk(tables.memory, PageTables.CPU, registers);
      Access push = Access.of(VA, AccessKind.SHADOW_STACK_WRITE, Mode.USER);
      assertEquals(
          "check all levels: U/S 1, R/W 1, XD 0, key 0; R/W of the tables 1, of the page 1, its D"
              + " 0: refused",
          last(3, walk.probe(push)).getFirst());
      tables.write(VA, Level.PT, 0x5000 | Entry.P | Entry.US | Entry.D);
      tables.write(VA, Level.PD, tables.read(VA, Level.PD) & ~Entry.RW);
      assertEquals(
          "check all levels: U/S 1, R/W 0, XD 0, key 0; R/W of the tables 0, of the page 0, its D"
              + " 1: refused",
          last(3, walk.probe(push)).getFirst());
      assertEquals("=> #PF, error code 0x47 (SS U/S W/R P), CR2 0x123456789abc", end(walk, push));
    }
  }

  @Test
  void whereAWalkStopsTheReasonIsTold() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      Access read = Access.of(VA, AccessKind.READ, Mode.SUPERVISOR);
      tables.write(VA, Level.PT, 0x5000);
      assertEquals(
          List.of(
              "read  PTE   [0x104c48] = 0x0000000000005000",
              "      stops: P is 0",
              "      rule: there is no translation for an address if an entry on the way has the P"
                  + " flag 0 (SDM \"Page-Fault Exceptions\")",
              "=> #PF, error code 0x0 (no flag), CR2 0x123456789abc"),
          last(4, walk(tables).probe(read)));
      tables.write(VA, Level.PT, 0x5000 | Entry.P | 5L << 48);
      assertEquals("      stops: reserved bits 0x5000000000000 are set", stop(tables, read));
      Access beyond = Access.of(1L << 47, AccessKind.READ, Mode.SUPERVISOR);
      assertEquals("      stops: the address is not canonical", stop(tables, beyond));
      assertEquals(
          "addr  0x0000800000000000 is not canonical in 48 bits",
          last(4, walk(tables).probe(beyond)).getFirst());
      assertEquals("=> #GP", end(walk(tables), beyond));
    }
  }

  @Test
  void aMaskedAddressIsToldWithTheOneThatWasUsed() {
    try (PageTables tables = PageTables.withPage(VA, 0x5000)) {
      Registers registers = tables.registers();
      registers = registers.withCr3(registers.cr3() | Cr3.LAM_U57);
      WalkResult result =
          new ReferenceWalk(tables.memory, PageTables.CPU, registers)
              .probe(Access.of(VA | 1L << 60, AccessKind.READ, Mode.USER));
      assertEquals(
          "addr  0x0000123456789abc, masked from 0x1000123456789abc is canonical in 48 bits",
          WalkExplanation.lines(result.steps().getFirst()).getFirst());
    }
  }

  @Test
  void aWordWhereNoMemoryIsIsToldAsSuch() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 20)) {
      memory.write64(0x1000, 0x8000_0000L | PageTables.OPEN);
      WalkResult result =
          new ReferenceWalk(memory, PageTables.CPU, Registers.longMode(0x1000))
              .probe(Access.of(0, AccessKind.READ, Mode.SUPERVISOR));
      assertEquals(
          "read  PDPTE [0x80000000] = 0xffffffffffffffff -> page 0xfffffc0000000"
              + "  XD key=15 PAT R G PS D A PCD PWT U/S R/W P  (no memory there: reads as all"
              + " ones)",
          last(4, result).getFirst());
    }
  }

  @Test
  void aWalkThatBeginsAnewTellsWhichEntryHasChanged() {
    assertEquals(
        List.of("again [0x1008] has changed since it was read; the walk begins anew"),
        WalkExplanation.lines(new WalkStep.Restarted(0x1008)));
    assertEquals(
        List.of("mark  [0x1008] 0x0000000000000021 -> 0x0000000000000061: sets D"),
        WalkExplanation.lines(new WalkStep.Marked(0x1008, 0x21, 0x61)));
  }

  @Test
  void bitsAndOutcomesHaveNames() {
    assertEquals("no bit", WalkExplanation.names(EntryKind.PTE, 0x5000));
    assertEquals("G PAT D", WalkExplanation.names(EntryKind.PTE, 0x51c0));
    assertEquals("done", WalkExplanation.outcome(new Outcome.Done()));
    assertEquals("#SS", WalkExplanation.outcome(new Outcome.StackFault()));
    assertEquals(
        "#PF, error code 0x3d (PK I/D RSVD U/S P), CR2 0xffffffffffffffff",
        WalkExplanation.outcome(new Outcome.PageFault(0x3d, -1)));
  }

  private static ReferenceWalk walk(PageTables tables) {
    return new ReferenceWalk(tables.memory, PageTables.CPU, tables.registers());
  }

  private static String stop(PageTables tables, Access access) {
    return last(3, walk(tables).probe(access)).getFirst();
  }

  private static String end(ReferenceWalk walk, Access access) {
    return last(1, walk.probe(access)).getFirst();
  }

  private static List<String> last(int lines, WalkResult result) {
    List<String> all = WalkExplanation.of(result).lines().toList();
    return all.subList(all.size() - lines, all.size());
  }
}
