package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.FAR_PAGE;
import static dev.pagewalk.mmu.RuleMachine.GLOBAL_PAGE;
import static dev.pagewalk.mmu.RuleMachine.LARGE_PAGE;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.Invalidation;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterWrite;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each type of INVPCID drops, and what a refused one leaves. */
class InvpcidTest {
  private RuleMachine machine = filled(RuleMachine.CPU);

  /** PCIDs 0 and 5 have used every page; the current PCID is 0. */
  private static RuleMachine filled(Cpu cpu) {
    RuleMachine machine = new RuleMachine(cpu, LargePages.WHOLE);
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    for (int pcid : new int[] {5, 0}) {
      machine.enter(pcid);
      machine.touch(PAGE, FAR_PAGE, GLOBAL_PAGE, LARGE_PAGE);
    }
    return machine;
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void typeZeroDropsOneAddressOfTheNamedPcid() {
    accept(0, 5, PAGE + 0x123);
    assertEquals(
        Set.of(
            "401000/0",
            "7f1234567000/0",
            "7f1234567000/5",
            "600000/0",
            "600000/5",
            "ffff800000401000/global"),
        machine.pages());
  }

  @Test
  void typeZeroDropsALargePageAsAWhole() {
    accept(0, 0, LARGE_PAGE + 0x12_3456);
    assertEquals(
        Set.of(
            "401000/0",
            "401000/5",
            "7f1234567000/0",
            "7f1234567000/5",
            "600000/5",
            "ffff800000401000/global"),
        machine.pages());
  }

  @Test
  void typeZeroLeavesGlobalPages() {
    Set<String> before = machine.pages();
    accept(0, 0, GLOBAL_PAGE);
    assertEquals(before, machine.pages());
  }

  @Test
  void typeZeroDropsWhatPagingStructureCachesWouldUseForTheAddress() {
    accept(0, 5, PAGE);
    // The global page's tables are PCID 5's alone: PCID 0 found the page in a TLB.
    assertEquals(
        Set.of("400000/0", "7f1234400000/0", "7f1234400000/5", "ffff800000400000/5"),
        machine.tables(Level.PD));
    assertEquals(
        Set.of("0/0", "7f1200000000/0", "7f1200000000/5", "ffff800000000000/5"),
        machine.tables(Level.PDPT));
    assertEquals(
        Set.of("0/0", "7f0000000000/0", "7f0000000000/5", "ffff800000000000/5"),
        machine.tables(Level.PML4));
  }

  @Test
  void typeOneDropsTheNamedPcidButForGlobalPages() {
    accept(1, 5, 0);
    assertEquals(
        Set.of("401000/0", "7f1234567000/0", "600000/0", "ffff800000401000/global"),
        machine.pages());
    assertEquals(Set.of(0), machine.pcidsOfTables());
  }

  @Test
  void typeTwoDropsEverything() {
    accept(2, 5, PAGE);
    assertEquals(Set.of(), machine.pages());
    assertEquals(Set.of(), machine.pcidsOfTables());
  }

  @Test
  void typeThreeDropsEverythingButGlobalPages() {
    accept(3, 5, PAGE);
    assertEquals(Set.of("ffff800000401000/global"), machine.pages());
    assertEquals(Set.of(), machine.pcidsOfTables());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void byChoiceAnyTypeDropsEverything(long type) {
    machine.close();
    machine = filled(RuleMachine.CPU.with(ModelPresets.SDM.with(Invalidation.INVPCID_DROPS_ALL)));
    accept(type, 7, FAR_PAGE);
    assertEquals(Set.of(), machine.pages());
    assertEquals(Set.of(), machine.pcidsOfTables());
  }

  @Test
  void withoutPcidsItNamesPcidZero() {
    machine.clearCr4(Cr4.PCIDE);
    machine.touch(PAGE, FAR_PAGE, GLOBAL_PAGE);
    accept(0, 0, PAGE);
    assertEquals(Set.of("7f1234567000/0", "ffff800000401000/global"), machine.pages());
    accept(1, 0, 0);
    assertEquals(Set.of("ffff800000401000/global"), machine.pages());
  }

  @Test
  void aRefusedOneDropsNothing() {
    MmuSnapshot before = machine.mmu.snapshot();
    refuse(new Outcome.GeneralProtection(), 4, 0, PAGE);
    refuse(new Outcome.GeneralProtection(), 2, 0x1000, PAGE);
    refuse(new Outcome.GeneralProtection(), 0, 0, 1L << 63);
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void aProcessorWithoutItDropsNothing() {
    machine.close();
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    features.remove(Feature.INVPCID);
    machine = filled(new Cpu(46, features, ModelPresets.SDM));
    MmuSnapshot before = machine.mmu.snapshot();
    assertNotEquals(Set.of(), machine.pages());
    refuse(new Outcome.InvalidOpcode(), 2, 0, 0);
    assertEquals(before, machine.mmu.snapshot());
  }

  private void accept(long type, long pcid, long address) {
    RuleMachine.accept(machine.mmu.invpcid(new InvpcidOperand(type, pcid, address)));
  }

  private void refuse(Outcome.Fault fault, long type, long pcid, long address) {
    RegisterWrite write = machine.mmu.invpcid(new InvpcidOperand(type, pcid, address));
    assertEquals(fault, ((RegisterWrite.Refused) write).fault());
  }
}
