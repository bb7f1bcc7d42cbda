package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.FAR_PAGE;
import static dev.pagewalk.mmu.RuleMachine.GIANT_PAGE;
import static dev.pagewalk.mmu.RuleMachine.GLOBAL_PAGE;
import static dev.pagewalk.mmu.RuleMachine.LARGE_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NEXT_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NOTHING;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What INVLPG drops, and what it leaves. */
class InvlpgTest {
  private RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void itDropsThePageFromEveryTlbAndNoOtherPage() {
    machine.touch(PAGE, NEXT_PAGE, FAR_PAGE);
    machine.mmu.invlpg(PAGE + 0xabc);
    assertEquals(Set.of("402000/0", "7f1234567000/0"), machine.pages());
  }

  @Test
  void itDropsThePageOfTheCurrentPcidOnly() {
    machine.usePcids();
    machine.touch(PAGE);
    machine.enter(5);
    machine.touch(PAGE);
    machine.mmu.invlpg(PAGE);
    assertEquals(Set.of("401000/0"), machine.pages());
  }

  @Test
  void itDropsAGlobalPageWhoeverFilledIt() {
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    machine.touch(GLOBAL_PAGE);
    machine.enter(5);
    machine.mmu.invlpg(GLOBAL_PAGE);
    assertEquals(Set.of(), machine.pages());
  }

  @Test
  void itDropsAllPagingStructureCacheEntriesOfTheCurrentPcidWhateverTheirAddress() {
    machine.usePcids();
    machine.read(PAGE, FAR_PAGE);
    machine.enter(5);
    machine.read(PAGE, FAR_PAGE);
    assertEquals(Set.of(0, 5), machine.pcidsOfTables());
    machine.mmu.invlpg(NOTHING);
    assertEquals(Set.of(0), machine.pcidsOfTables());
    assertEquals(Set.of("400000/0", "7f1234400000/0"), machine.tables(Level.PD));
    assertEquals(Set.of("0/0", "7f1200000000/0"), machine.tables(Level.PDPT));
    assertEquals(Set.of("0/0", "7f0000000000/0"), machine.tables(Level.PML4));
  }

  @Test
  void oneAddressStandsForALargePageAsAWhole() {
    machine.touch(LARGE_PAGE, GIANT_PAGE);
    machine.mmu.invlpg(LARGE_PAGE + 0x1f_f000);
    assertEquals(Set.of("100000000/0"), machine.pages());
    machine.mmu.invlpg(GIANT_PAGE + 0x3fff_f000L);
    assertEquals(Set.of(), machine.pages());
  }

  @Test
  void oneAddressStandsForAllPiecesOfABrokenPage() {
    restart(LargePages.FRACTURED);
    machine.touch(LARGE_PAGE, LARGE_PAGE + 0x5000, LARGE_PAGE + 0x1f_f000, PAGE);
    assertEquals(Set.of("600000/0", "605000/0", "7ff000/0", "401000/0"), machine.pages());
    machine.mmu.invlpg(LARGE_PAGE + 0x5_0000);
    assertEquals(Set.of("401000/0"), machine.pages());
  }

  @Test
  void itDropsTheTwoMegabytePiecesOfAOneGigabytePage() {
    restart(LargePages.SMASHED_1G);
    machine.touch(GIANT_PAGE, GIANT_PAGE + 0x3fe0_0000L, LARGE_PAGE);
    assertEquals(Set.of("100000000/0", "13fe00000/0", "600000/0"), machine.pages());
    machine.mmu.invlpg(GIANT_PAGE + 0x2000_0000L);
    assertEquals(Set.of("600000/0"), machine.pages());
  }

  @Test
  void piecesOfOtherPcidsStay() {
    restart(LargePages.FRACTURED);
    machine.usePcids();
    machine.touch(LARGE_PAGE);
    machine.enter(5);
    machine.touch(LARGE_PAGE + 0x5000);
    machine.mmu.invlpg(LARGE_PAGE);
    assertEquals(Set.of("600000/0"), machine.pages());
  }

  @Test
  void anAddressThatIsNotCanonicalDropsNothing() {
    machine.touch(PAGE);
    machine.mmu.invlpg(PAGE | 1L << 47);
    machine.mmu.invlpg(PAGE | 1L << 62);
    assertEquals(Set.of("401000/0"), machine.pages());
    assertEquals(Set.of("400000/0"), machine.tables(Level.PD));
  }

  @Test
  void theAddressIsTakenAsItIsWithoutMasking() {
    RuleMachine.accept(machine.mmu.movToCr3(machine.mmu.registers().cr3() | Cr3.LAM_U48));
    machine.touch(PAGE);
    machine.mmu.invlpg(PAGE | 0x2aL << 56);
    assertEquals(Set.of("401000/0"), machine.pages());
  }

  @Test
  void afterItTheNextAccessWalks() {
    machine.read(PAGE);
    assertFalse(machine.walksFor(PAGE));
    machine.mmu.invlpg(PAGE);
    assertTrue(machine.walksFor(PAGE));
  }

  @Test
  void whatIsDroppedIsCounted() {
    machine.read(PAGE, FAR_PAGE);
    machine.mmu.invlpg(PAGE);
    MmuCounters counters = machine.mmu.counters();
    assertEquals(1, counters.tlbs().get("L1D").invalidations());
    assertEquals(1, counters.tlbs().get("L2").invalidations());
    assertEquals(0, counters.tlbs().get("L1I").invalidations());
    assertEquals(2, counters.pagingStructureCaches().get(Level.PD).invalidations());
  }

  private void restart(LargePages largePages) {
    machine.close();
    machine = new RuleMachine(RuleMachine.CPU, largePages);
  }
}
