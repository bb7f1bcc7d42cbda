package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.FAR_PAGE;
import static dev.pagewalk.mmu.RuleMachine.GLOBAL_PAGE;
import static dev.pagewalk.mmu.RuleMachine.LARGE_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NEXT_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NOTHING;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.Outcome;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a page fault drops: what was used, or would be, for its address. */
class PageFaultInvalidationTest {
  private RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aRefusalFromATlbDropsThePageFromEveryTlb() {
    makeReadOnly(PAGE);
    machine.touch(PAGE, NEXT_PAGE);
    fault(AccessKind.WRITE, Mode.USER, PAGE + 8);
    assertEquals(Set.of("402000/0"), machine.pages());
  }

  @Test
  void aFaultOfAWalkDropsThePageFromTlbsOfOtherPorts() {
    machine.reach(AccessKind.FETCH, PAGE);
    assertEquals(Set.of("401000/0"), machine.held("L1I"));
    // The second level has the page with D = 0, so that the write walks, and finds it gone.
    machine.map(PAGE, Level.PT, 0);
    fault(AccessKind.WRITE, Mode.SUPERVISOR, PAGE);
    assertEquals(Set.of(), machine.held("L1I"));
    assertEquals(Set.of(), machine.held("L2"));
  }

  @Test
  void itDropsTheCurrentPcidsPageOnly() {
    makeReadOnly(PAGE);
    machine.usePcids();
    machine.touch(PAGE);
    machine.enter(5);
    machine.touch(PAGE);
    fault(AccessKind.WRITE, Mode.USER, PAGE);
    assertEquals(Set.of("401000/0"), machine.pages());
  }

  @Test
  void itDropsAGlobalPage() {
    machine.map(GLOBAL_PAGE, Level.PT, Entry.P | Entry.G);
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    machine.touch(GLOBAL_PAGE);
    machine.enter(5);
    fault(AccessKind.READ, Mode.USER, GLOBAL_PAGE);
    assertEquals(Set.of(), machine.pages());
  }

  @Test
  void itDropsAllPiecesOfABrokenPage() {
    machine.close();
    machine = new RuleMachine(RuleMachine.CPU, LargePages.FRACTURED);
    machine.map(LARGE_PAGE, Level.PD, Entry.P | Entry.US | Entry.PS);
    machine.touch(LARGE_PAGE, LARGE_PAGE + 0x7000);
    fault(AccessKind.WRITE, Mode.USER, LARGE_PAGE + 0x7000);
    assertEquals(Set.of(), machine.pages());
  }

  @Test
  void itDropsThePagingStructureCacheEntriesForItsAddressOnly() {
    machine.usePcids();
    machine.enter(5);
    machine.read(PAGE);
    machine.enter(0);
    machine.read(PAGE, FAR_PAGE);
    fault(AccessKind.READ, Mode.SUPERVISOR, NOTHING);
    assertEquals(Set.of("400000/5", "7f1234400000/0"), machine.tables(Level.PD));
    assertEquals(Set.of("0/5", "7f1200000000/0"), machine.tables(Level.PDPT));
    assertEquals(Set.of("0/5", "7f0000000000/0"), machine.tables(Level.PML4));
  }

  @Test
  void rightsThatWereRaisedInMemoryAreFoundAfterOneFault() {
    makeReadOnly(PAGE);
    machine.read(PAGE);
    machine.map(PAGE, Level.PT, Entry.P | Entry.RW | Entry.US);
    fault(AccessKind.WRITE, Mode.USER, PAGE);
    Outcome again = machine.access(AccessKind.WRITE, Mode.USER, PAGE);
    assertInstanceOf(Outcome.Reached.class, again);
  }

  @Test
  void aGeneralProtectionFaultDropsNothing() {
    machine.touch(PAGE);
    MmuSnapshot before = machine.mmu.snapshot();
    Outcome outcome = machine.access(AccessKind.READ, Mode.SUPERVISOR, PAGE | 1L << 47);
    assertEquals(new Outcome.GeneralProtection(), outcome);
    assertEquals(before, machine.mmu.snapshot());
  }

  private void makeReadOnly(long va) {
    machine.map(va, Level.PT, Entry.P | Entry.US | Entry.D);
  }

  private void fault(AccessKind kind, Mode mode, long va) {
    assertInstanceOf(Outcome.PageFault.class, machine.access(kind, mode, va));
  }
}
