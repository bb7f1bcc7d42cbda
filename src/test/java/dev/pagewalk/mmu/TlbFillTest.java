package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.FAR_PAGE;
import static dev.pagewalk.mmu.RuleMachine.GLOBAL_PAGE;
import static dev.pagewalk.mmu.RuleMachine.LARGE_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NEXT_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NOTHING;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.PageSize;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What enters the TLBs, and what uses it there. */
class TlbFillTest {
  private static final long METADATA = 0x5aL << 56;

  private final RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aWriteToAPageCachedCleanWalksAndSetsD() {
    machine.read(PAGE);
    assertFalse(Entry.has(machine.entry(PAGE, Level.PT), Entry.D));
    machine.reach(AccessKind.WRITE, PAGE);
    assertTrue(Entry.has(machine.entry(PAGE, Level.PT), Entry.D));
    assertEquals(2, machine.mmu.counters().walks());
    assertEquals(1, machine.mmu.counters().dirtySet());
    machine.reach(AccessKind.WRITE, PAGE);
    assertEquals(2, machine.mmu.counters().walks());
  }

  @Test
  void aPageWithDSetInMemoryIsWrittenWithoutAnotherWalk() {
    machine.map(PAGE, Level.PT, Entry.P | Entry.RW | Entry.D);
    machine.read(PAGE);
    machine.reach(AccessKind.WRITE, PAGE);
    assertEquals(1, machine.mmu.counters().walks());
  }

  @Test
  void nothingIsCachedOfAnAddressWithoutTranslation() {
    fault(AccessKind.READ, Mode.SUPERVISOR, NOTHING);
    machine.map(NOTHING, Level.PT, Entry.P | 1L << 50);
    fault(AccessKind.READ, Mode.SUPERVISOR, NOTHING);
    assertNothingCached();
    machine.map(NOTHING, Level.PT, Entry.P);
    machine.read(NOTHING);
  }

  @Test
  void nothingIsCachedOfAWalkThatRightsRefuse() {
    machine.map(PAGE, Level.PT, Entry.P);
    fault(AccessKind.READ, Mode.USER, PAGE);
    assertNothingCached();
  }

  @Test
  void aCachedPageIsUsedThoughItsEntryHasChanged() {
    machine.read(PAGE);
    machine.map(PAGE, Level.PT, 0);
    machine.read(PAGE);
    assertEquals(1, machine.mmu.counters().walks());
  }

  @Test
  void aHitSetsNoAccessedBit() {
    machine.read(PAGE);
    long without = machine.entry(PAGE, Level.PT) & ~Entry.A;
    machine.write(PAGE, Level.PT, without);
    machine.read(PAGE);
    assertEquals(without, machine.entry(PAGE, Level.PT));
  }

  @Test
  void anAddressThatIsNotCanonicalIsLookedForNowhere() {
    machine.read(PAGE);
    machine.mmu.resetCounters();
    Outcome outcome = machine.access(AccessKind.READ, Mode.SUPERVISOR, PAGE | 1L << 47);
    assertEquals(new Outcome.GeneralProtection(), outcome);
    MmuCounters counters = machine.mmu.counters();
    assertEquals(1, counters.accesses());
    assertEquals(1, counters.otherFaults());
    for (MmuCounters.Structure tlb : counters.tlbs().values()) {
      assertEquals(new MmuCounters.Structure(0, 0, 0, 0, 0), tlb);
    }
    assertEquals(0, counters.walks());
  }

  @Test
  void pointersWithMetadataShareTheEntryOfTheirAddress() {
    RuleMachine.accept(machine.mmu.movToCr3(machine.mmu.registers().cr3() | Cr3.LAM_U48));
    machine.read(PAGE | METADATA);
    assertEquals(Set.of("401000/0"), machine.held("L1D"));
    machine.read(PAGE, PAGE | METADATA | 1L << 50);
    assertEquals(1, machine.mmu.counters().walks());
  }

  @Test
  void aFaultOfAPointerWithMetadataReportsItsAddress() {
    RuleMachine.accept(machine.mmu.movToCr3(machine.mmu.registers().cr3() | Cr3.LAM_U48));
    Outcome outcome = machine.access(AccessKind.READ, Mode.USER, NOTHING | METADATA);
    assertEquals(new Outcome.PageFault(4, NOTHING), outcome);
    assertEquals(NOTHING, machine.mmu.cr2());
  }

  @Test
  void pagesOfOnePcidAreNotUsedUnderAnother() {
    machine.usePcids();
    machine.read(PAGE);
    machine.enter(5);
    assertTrue(machine.walksFor(PAGE));
    machine.enter(0);
    assertFalse(machine.walksFor(PAGE));
  }

  @Test
  void aGlobalPageIsUsedUnderEveryPcid() {
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    machine.read(GLOBAL_PAGE);
    machine.enter(5);
    assertFalse(machine.walksFor(GLOBAL_PAGE));
  }

  /** Software that makes a page global and does not invalidate: one entry is left for it. */
  @Test
  void aGlobalEntryTakesThePlaceOfThoseOfSinglePcids() {
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    for (int pcid = 0; pcid < 5; pcid++) {
      machine.enter(pcid);
      machine.touch(PAGE, NEXT_PAGE);
    }
    machine.map(PAGE, Level.PT, Entry.P | Entry.RW | Entry.US | Entry.G);
    machine.enter(7);
    machine.touch(PAGE);
    assertEquals(
        Set.of("401000/global", "402000/0", "402000/1", "402000/2", "402000/3", "402000/4"),
        machine.pages());
    assertEquals(5, machine.mmu.counters().tlbs().get("L2").invalidations());
  }

  @Test
  void whatHasGivenWayToAGlobalEntryIsFilledBeforeAnythingIsEvicted() {
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    machine.enter(1);
    // One set of 16 ways holds PAGE, used last, and fourteen others; one more is to come.
    for (int i = 1; i <= 15; i++) {
      machine.map(PAGE + 0x2000L * i, Level.PT, Entry.P);
    }
    for (int i = 1; i <= 14; i++) {
      machine.read(PAGE + 0x2000L * i);
    }
    machine.read(PAGE);
    machine.map(PAGE, Level.PT, Entry.P | Entry.G);
    machine.enter(2);
    machine.read(PAGE);
    machine.enter(1);
    machine.read(PAGE + 0x2000L * 15);
    for (String tlb : List.of("L1D", "L2")) {
      MmuCounters.Structure counters = machine.mmu.counters().tlbs().get(tlb);
      assertEquals(1, counters.invalidations(), tlb);
      assertEquals(0, counters.evictions(), tlb);
      assertEquals(16, machine.held(tlb).size(), tlb);
    }
  }

  @Test
  void aLargePageIsHitByEveryPieceOfIt() {
    machine.reach(AccessKind.FETCH, LARGE_PAGE);
    for (long piece = 0x1000; piece < 2L << 20; piece += 0x1000) {
      machine.reach(AccessKind.FETCH, LARGE_PAGE + piece);
    }
    MmuCounters counters = machine.mmu.counters();
    assertEquals(1, counters.walks());
    assertEquals(new MmuCounters.Structure(511, 1, 1, 0, 0), counters.tlbs().get("L1I"));
    assertEquals(new MmuCounters.Structure(0, 1, 1, 0, 0), counters.tlbs().get("L2"));
  }

  @Test
  void aLargePageAtPhysicalAddressZeroIsOneLikeOthers() {
    machine.write(LARGE_PAGE, Level.PD, Entry.P | Entry.RW | Entry.US | Entry.PS);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, machine.mmu.translate(LARGE_PAGE, AccessCode.USER_READ));
    }
    MmuCounters counters = machine.mmu.counters();
    assertEquals(3, counters.accesses());
    assertEquals(new MmuCounters.Structure(2, 1, 1, 0, 0), counters.tlbs().get("L1D"));
    assertEquals(new MmuCounters.Structure(0, 1, 1, 0, 0), counters.tlbs().get("L2"));
  }

  @Test
  void gIsNotKeptWhilePgeIsClear() {
    machine.usePcids();
    machine.read(GLOBAL_PAGE);
    machine.enter(5);
    assertTrue(machine.walksFor(GLOBAL_PAGE));
  }

  @Test
  void theSecondLevelServesPortsThatHaveNotSeenThePage() {
    machine.read(PAGE);
    machine.reach(AccessKind.FETCH, PAGE);
    assertEquals(1, machine.mmu.counters().walks());
    assertEquals(1, machine.mmu.counters().tlbs().get("L2").hits());
    assertEquals(Set.of("401000/0"), machine.held("L1I"));
  }

  @Test
  void anEntrySaysWhatTheTablesSay() {
    long flags = Entry.P | Entry.US | Entry.PS | Entry.PAT_LARGE | Entry.PWT | Entry.XD | Entry.D;
    machine.map(LARGE_PAGE, Level.PD, flags | 9L << Entry.KEY_SHIFT);
    machine.read(LARGE_PAGE + 0x1234);
    TlbEntry entry = machine.mmu.snapshot().tlbs().get("L1D").getFirst();
    assertEquals(LARGE_PAGE, entry.linearAddress());
    assertEquals(LARGE_PAGE, entry.physicalAddress());
    assertEquals(PageSize.SIZE_2M, entry.size());
    assertEquals(PageSize.SIZE_2M, entry.pageSize());
    Set<TlbEntry.Flag> expected =
        Set.of(TlbEntry.Flag.USER, TlbEntry.Flag.DIRTY, TlbEntry.Flag.SHADOW_STACK);
    assertEquals(expected, entry.flags());
    assertEquals(9, entry.key());
    assertEquals(5, entry.patIndex());
  }

  @Test
  void cachedTablesShortenTheWalk() {
    machine.read(PAGE);
    assertEquals(4, machine.mmu.counters().wordsRead());
    machine.read(NEXT_PAGE);
    assertEquals(5, machine.mmu.counters().wordsRead());
    machine.read(LARGE_PAGE);
    assertEquals(6, machine.mmu.counters().wordsRead());
    machine.read(FAR_PAGE);
    assertEquals(10, machine.mmu.counters().wordsRead());
  }

  @Test
  void cachedTablesAreUsedThoughTheirEntriesHaveChanged() {
    machine.read(PAGE);
    machine.write(PAGE, Level.PD, 0);
    machine.read(NEXT_PAGE);
    machine.mmu.invlpg(FAR_PAGE);
    fault(AccessKind.READ, Mode.SUPERVISOR, NEXT_PAGE + 0x5000);
  }

  @Test
  void cachedTablesHoldTheRightsOfTheEntriesAbove() {
    machine.write(PAGE, Level.PDPT, machine.entry(PAGE, Level.PDPT) & ~Entry.US);
    machine.read(PAGE);
    fault(AccessKind.READ, Mode.USER, NEXT_PAGE);
    assertEquals(5, machine.mmu.counters().wordsRead());
  }

  @Test
  void cachedTablesOfOnePcidAreNotUsedUnderAnother() {
    machine.usePcids();
    machine.read(PAGE);
    machine.enter(5);
    machine.read(NEXT_PAGE);
    assertEquals(8, machine.mmu.counters().wordsRead());
  }

  private void assertNothingCached() {
    assertEquals(Set.of(), machine.pages());
    assertEquals(Set.of(), machine.pcidsOfTables());
  }

  private void fault(AccessKind kind, Mode mode, long va) {
    assertInstanceOf(Outcome.PageFault.class, machine.access(kind, mode, va));
  }
}
