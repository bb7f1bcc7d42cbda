package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.FAR_PAGE;
import static dev.pagewalk.mmu.RuleMachine.GLOBAL_PAGE;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What writes of control registers and MSRs drop, and what they leave. */
class RegisterWriteInvalidationTest {
  private final RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  /** PCIDs 5 and 0 have used every page; PCID 0 is current. */
  private void fillTwoContexts() {
    machine.setCr4(Cr4.PGE);
    machine.usePcids();
    machine.enter(5);
    machine.touch(PAGE, FAR_PAGE, GLOBAL_PAGE);
    machine.enter(0);
    machine.touch(PAGE, FAR_PAGE, GLOBAL_PAGE);
  }

  @Test
  void movToCr3WithoutPcidsDropsAllButGlobalPages() {
    machine.setCr4(Cr4.PGE);
    machine.touch(PAGE, FAR_PAGE, GLOBAL_PAGE);
    machine.enterAndFlush(0);
    assertEquals(Set.of("ffff800000401000/global"), machine.pages());
    assertEquals(Set.of(), machine.pcidsOfTables());
  }

  @Test
  void withoutPgeNoPageIsGlobal() {
    machine.touch(PAGE, GLOBAL_PAGE);
    assertEquals(Set.of("401000/0", "ffff800000401000/0"), machine.pages());
    machine.enterAndFlush(0);
    assertEquals(Set.of(), machine.pages());
  }

  @Test
  void movToCr3DropsThePcidThatItLoadsButForGlobalPages() {
    fillTwoContexts();
    machine.enterAndFlush(5);
    assertEquals(Set.of("401000/0", "7f1234567000/0", "ffff800000401000/global"), machine.pages());
    assertEquals(Set.of(0), machine.pcidsOfTables());
  }

  @Test
  void movToCr3WithTheNoFlushBitDropsNothing() {
    fillTwoContexts();
    MmuSnapshot before = machine.mmu.snapshot();
    machine.enter(5);
    machine.enter(7);
    machine.enter(0);
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void aRefusedMovToCr3DropsNothing() {
    machine.touch(PAGE);
    MmuSnapshot before = machine.mmu.snapshot();
    RuleMachine.refuse(machine.mmu.movToCr3(machine.mmu.registers().cr3() | Cr3.NO_FLUSH));
    RuleMachine.refuse(machine.mmu.movToCr3(1L << 60));
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void eitherChangeOfPgeDropsEverything() {
    fillTwoContexts();
    machine.clearCr4(Cr4.PGE);
    assertNothingIsLeft();
    fillTwoContexts();
    machine.clearCr4(Cr4.PGE);
    machine.touch(PAGE);
    machine.setCr4(Cr4.PGE);
    assertNothingIsLeft();
  }

  @Test
  void theEndOfPcidsDropsEverything() {
    fillTwoContexts();
    machine.clearCr4(Cr4.PCIDE);
    assertNothingIsLeft();
  }

  @Test
  void theBeginningOfPcidsDropsNothing() {
    machine.setCr4(Cr4.PGE);
    machine.touch(PAGE, GLOBAL_PAGE);
    MmuSnapshot before = machine.mmu.snapshot();
    machine.usePcids();
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void aRiseOfSmepDropsTheCurrentPcidAndGlobalPages() {
    fillTwoContexts();
    machine.setCr4(Cr4.SMEP);
    assertEquals(Set.of("401000/5", "7f1234567000/5"), machine.pages());
    assertEquals(Set.of(5), machine.pcidsOfTables());
  }

  @Test
  void aFallOfSmepDropsNothing() {
    machine.setCr4(Cr4.PGE);
    machine.setCr4(Cr4.SMEP);
    machine.read(PAGE, FAR_PAGE, GLOBAL_PAGE);
    MmuSnapshot before = machine.mmu.snapshot();
    machine.clearCr4(Cr4.SMEP);
    assertEquals(before, machine.mmu.snapshot());
  }

  @ParameterizedTest
  @ValueSource(longs = {Cr4.SMAP, Cr4.PKE, Cr4.PKS, Cr4.CET, Cr4.LAM_SUP, Cr4.UMIP, Cr4.OSFXSR})
  void otherBitsOfCr4DropNothing(long bit) {
    fillTwoContexts();
    MmuSnapshot before = machine.mmu.snapshot();
    machine.setCr4(bit);
    assertEquals(before, machine.mmu.snapshot());
    machine.clearCr4(bit);
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void aRefusedMovToCr4DropsNothing() {
    fillTwoContexts();
    MmuSnapshot before = machine.mmu.snapshot();
    Registers registers = machine.mmu.registers();
    RuleMachine.refuse(machine.mmu.movToCr4(registers.cr4() ^ (Cr4.LA57 | Cr4.PGE)));
    RuleMachine.refuse(machine.mmu.movToCr4(registers.cr4() ^ (Cr4.PAE | Cr4.SMEP)));
    RuleMachine.refuse(machine.mmu.movToCr4(1L << 63));
    assertEquals(before, machine.mmu.snapshot());
    assertEquals(registers, machine.mmu.registers());
  }

  @ParameterizedTest
  @ValueSource(longs = {Cr0.WP, Cr0.CD, Cr0.TS, Cr0.AM})
  void bitsOfCr0OtherThanPgDropNothing(long bit) {
    fillTwoContexts();
    MmuSnapshot before = machine.mmu.snapshot();
    long cr0 = machine.mmu.registers().cr0();
    RuleMachine.accept(machine.mmu.movToCr0(cr0 ^ bit));
    assertEquals(before, machine.mmu.snapshot());
    RuleMachine.accept(machine.mmu.movToCr0(cr0));
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void pgStaysInSixtyFourBitModeAndNothingIsDropped() {
    machine.touch(PAGE);
    MmuSnapshot before = machine.mmu.snapshot();
    RuleMachine.refuse(machine.mmu.movToCr0(machine.mmu.registers().cr0() & ~Cr0.PG));
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void eitherChangeOfNxeDropsEverything() {
    fillTwoContexts();
    writeEfer(Efer.NXE);
    assertNothingIsLeft();
    machine.touch(PAGE);
    writeEfer(Efer.NXE);
    assertNothingIsLeft();
  }

  @Test
  void otherBitsOfEferDropNothing() {
    fillTwoContexts();
    MmuSnapshot before = machine.mmu.snapshot();
    writeEfer(Efer.SCE);
    RuleMachine.refuse(machine.mmu.wrmsr(Efer.MSR, Efer.NXE | 1L << 63));
    assertEquals(before, machine.mmu.snapshot());
  }

  @Test
  void keyRegistersDropNothing() {
    fillTwoContexts();
    machine.setCr4(Cr4.PKE | Cr4.PKS);
    MmuSnapshot before = machine.mmu.snapshot();
    RuleMachine.accept(machine.mmu.wrpkru(0xffff_ffffL));
    RuleMachine.accept(machine.mmu.wrmsr(ProtectionKeys.PKRS_MSR, 0xffff_ffffL));
    RuleMachine.refuse(machine.mmu.wrpkru(1L << 32));
    RuleMachine.refuse(machine.mmu.wrmsr(ProtectionKeys.PKRS_MSR, 1L << 32));
    assertEquals(before, machine.mmu.snapshot());
  }

  private void writeEfer(long toggled) {
    RegisterWrite write = machine.mmu.wrmsr(Efer.MSR, machine.mmu.registers().efer() ^ toggled);
    RuleMachine.accept(write);
  }

  private void assertNothingIsLeft() {
    assertEquals(Set.of(), machine.pages());
    assertEquals(Set.of(), machine.pcidsOfTables());
  }
}
