package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.LARGE_PAGE;
import static dev.pagewalk.mmu.RuleMachine.NEXT_PAGE;
import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.MemoryType;
import dev.pagewalk.arch.Pat;
import dev.pagewalk.arch.VariableRange;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory type of an access follows from its page's PAT, PCD and PWT and from the MTRRs. */
class MemoryTypeTest {
  private static final String NONE = "none";

  private final RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  private String type(long va, int access) {
    return machine.mmu.memoryType(va, access).map(MemoryType::mnemonic).orElse(NONE);
  }

  /** SDM 3A "Selecting a Memory Type from the PAT", with the PAT as it is after power-up. */
  @ParameterizedTest
  @CsvSource({"0, WB", "8, WT", "16, UC", "24, UC", "128, WB", "136, WT", "144, UC", "152, UC"})
  void bitsOfThePteChooseAnEntryOfThePat(long bits, String type) {
    machine.map(PAGE, Level.PT, Entry.P | bits);
    machine.read(PAGE);
    assertEquals(type, type(PAGE | 0xabc, AccessCode.SUPERVISOR_READ));
  }

  @Test
  void patIsBit12OfALargePagesEntry() {
    RuleMachine.accept(machine.mmu.wrmsr(Pat.MSR, 0x0007_0401_0007_0406L));
    machine.map(LARGE_PAGE, Level.PD, Entry.P | Entry.PS | Entry.PAT_LARGE);
    machine.read(LARGE_PAGE);
    assertEquals("WC", type(LARGE_PAGE + 0x12_3456, AccessCode.SUPERVISOR_READ));
    machine.map(LARGE_PAGE, Level.PD, Entry.P | Entry.PS);
    machine.mmu.invlpg(LARGE_PAGE);
    machine.read(LARGE_PAGE);
    assertEquals("WB", type(LARGE_PAGE, AccessCode.SUPERVISOR_READ));
  }

  @Test
  void mtrrsGiveThePhysicalAddressAType() {
    // PAGE is at physical 0x40_1000, NEXT_PAGE at 0x40_2000; the first is made WC.
    RuleMachine.accept(machine.mmu.wrmsr(0x200, 0x40_1000 | 1));
    RuleMachine.accept(machine.mmu.wrmsr(0x201, 0x3fff_ffff_f000L | VariableRange.VALID));
    assertEquals(OptionalLong.of(0x40_1001), machine.mmu.memoryTyping().read(0x200));
    machine.read(PAGE, NEXT_PAGE);
    assertEquals("WC", type(PAGE, AccessCode.SUPERVISOR_READ));
    assertEquals("WB", type(NEXT_PAGE, AccessCode.SUPERVISOR_READ));
  }

  @Test
  void whatThePortsFirstLevelDoesNotHoldHasNoTypeYet() {
    assertEquals(NONE, type(PAGE, AccessCode.SUPERVISOR_READ));
    machine.read(PAGE);
    assertEquals("WB", type(PAGE, AccessCode.USER_READ));
    assertEquals("WB", type(PAGE, AccessCode.USER_WRITE));
    assertEquals(NONE, type(PAGE, AccessCode.USER_FETCH));
    assertEquals(NONE, type(NEXT_PAGE, AccessCode.USER_READ));
    assertEquals(NONE, type(PAGE | 1L << 47, AccessCode.USER_READ));
    machine.reach(AccessKind.FETCH, PAGE);
    assertEquals("WB", type(PAGE, AccessCode.USER_FETCH));
    machine.reach(AccessKind.FETCH, NEXT_PAGE);
    assertEquals("WB", type(NEXT_PAGE, AccessCode.USER_FETCH));
    machine.usePcids();
    machine.enter(5);
    assertEquals(NONE, type(PAGE, AccessCode.USER_READ));
  }

  @Test
  void aPointersMetadataIsMaskedForDataOnly() {
    RuleMachine.accept(machine.mmu.movToCr3(machine.mmu.registers().cr3() | Cr3.LAM_U57));
    machine.touch(PAGE);
    long tagged = PAGE | 0x2aL << 57;
    assertEquals("WB", type(tagged, AccessCode.USER_WRITE));
    assertEquals(NONE, type(tagged, AccessCode.USER_FETCH));
  }

  @Test
  void toAskChangesNothing() {
    machine.read(PAGE);
    MmuCounters counters = machine.mmu.counters();
    MmuSnapshot snapshot = machine.mmu.snapshot();
    assertEquals("WB", type(PAGE, AccessCode.SUPERVISOR_READ));
    assertEquals(NONE, type(NEXT_PAGE, AccessCode.SUPERVISOR_READ));
    assertEquals(counters, machine.mmu.counters());
    assertEquals(snapshot, machine.mmu.snapshot());
  }
}
