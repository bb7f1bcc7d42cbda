package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.FAR_PAGE;
import static dev.pagewalk.mmu.RuleMachine.LARGE_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NOTHING;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An MMU is made, asked, and made anew. */
class MmuTest {
  private final RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void itStartsUnderIa32ePagingOnly() {
    Registers registers = machine.mmu.registers();
    Registers off = registers.withCr0(registers.cr0() & ~Cr0.PG);
    assertThrows(
        IllegalArgumentException.class,
        () -> Mmu.create(machine.mmu.model(), RuleMachine.CPU, machine.memory, off));
    assertThrows(IllegalArgumentException.class, () -> machine.mmu.reset(machine.mmu.cpu(), off));
    assertEquals(registers, machine.mmu.registers());
  }

  @Test
  void resetMakesItAnotherProcessorThatHasDoneNothing() {
    MmuCounters first = machine.mmu.counters();
    MmuSnapshot empty = machine.mmu.snapshot();
    machine.touch(PAGE, LARGE_PAGE);
    machine.access(AccessKind.READ, Mode.USER, NOTHING);
    Cpu narrow = Cpu.withEverything(36, ModelPresets.SDM);
    machine.mmu.reset(narrow, machine.mmu.registers());
    assertEquals(narrow, machine.mmu.cpu());
    assertEquals("rules", machine.mmu.model().name());
    assertEquals(0, machine.mmu.cr2());
    assertEquals(first, machine.mmu.counters());
    assertEquals(empty, machine.mmu.snapshot());
    machine.map(PAGE, Level.PT, Entry.P | 1L << 36);
    machine.access(AccessKind.READ, Mode.SUPERVISOR, PAGE);
    assertEquals(Map.of(9, 1L), machine.mmu.counters().pageFaults());
  }

  @Test
  void faultsAreCountedByTheirErrorCodes() {
    machine.access(AccessKind.READ, Mode.USER, NOTHING);
    machine.access(AccessKind.READ, Mode.USER, NOTHING);
    machine.access(AccessKind.WRITE, Mode.SUPERVISOR, NOTHING);
    machine.access(AccessKind.READ, Mode.SUPERVISOR, 1L << 47);
    MmuCounters counters = machine.mmu.counters();
    assertEquals(Map.of(4, 2L, 2, 1L), counters.pageFaults());
    assertEquals(3, counters.totalPageFaults());
    assertEquals(1, counters.otherFaults());
  }

  @Test
  void countersStartAnewAndWhatIsCachedStays() {
    machine.touch(PAGE);
    machine.mmu.resetCounters();
    MmuCounters counters = machine.mmu.counters();
    assertEquals(0, counters.accesses());
    assertEquals(0, counters.walks());
    assertEquals(0, counters.wordsRead());
    assertEquals(0, counters.accessedSet());
    machine.read(PAGE);
    assertEquals(
        new MmuCounters.Structure(1, 0, 0, 0, 0), machine.mmu.counters().tlbs().get("L1D"));
  }

  @Test
  void aPagingStructureCacheShowsTheTableAndTheRightsOfAllAbove() {
    long pml4e = machine.entry(FAR_PAGE, Level.PML4);
    long pdpte = machine.entry(FAR_PAGE, Level.PDPT);
    machine.write(FAR_PAGE, Level.PML4, (pml4e | Entry.XD) & ~Entry.US);
    machine.write(FAR_PAGE, Level.PDPT, pdpte & ~Entry.RW);
    machine.read(FAR_PAGE);
    Map<Level, List<PagingStructureCacheEntry>> caches =
        machine.mmu.snapshot().pagingStructureCaches();
    assertEquals(List.of(Level.PML4, Level.PDPT, Level.PD), List.copyOf(caches.keySet()));
    PagingStructureCacheEntry root = caches.get(Level.PML4).getFirst();
    assertEquals(
        new PagingStructureCacheEntry(
            root.set(), 0, 0, 0x7f00_0000_0000L, Entry.table(pml4e), 0, false, true, true),
        root.way() == 0 ? root : null);
    PagingStructureCacheEntry pd = caches.get(Level.PDPT).getFirst();
    assertEquals(0x7f12_0000_0000L, pd.linearAddress());
    assertEquals(Entry.table(pdpte), pd.table());
    assertEquals(
        List.of(false, false, true), List.of(pd.userMode(), pd.writable(), pd.executeDisable()));
  }
}
