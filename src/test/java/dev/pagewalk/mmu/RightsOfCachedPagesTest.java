package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.RuleMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.ProtectionKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registers decide about a cached page at the access, whatever they were when it was cached. */
class RightsOfCachedPagesTest {
  private static final long KEY_3 = 3L << Entry.KEY_SHIFT;

  private final RuleMachine machine = new RuleMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void writeProtectActsAtOnce() {
    cache(Entry.P | Entry.D);
    setWriteProtect(false);
    reaches(AccessKind.WRITE, Mode.SUPERVISOR);
    setWriteProtect(true);
    cache(Entry.P | Entry.D);
    refuses(ErrorCode.WR, AccessKind.WRITE, Mode.SUPERVISOR);
  }

  @Test
  void smapAndAcActAtOnce() {
    cache(Entry.P | Entry.US);
    machine.setCr4(Cr4.SMAP);
    Access read = Access.of(PAGE, AccessKind.READ, Mode.SUPERVISOR);
    assertInstanceOf(Outcome.Reached.class, machine.mmu.access(read.withAc(true)));
    assertNoWalk();
    refuses(0, AccessKind.READ, Mode.SUPERVISOR);
    machine.clearCr4(Cr4.SMAP);
    cache(Entry.P | Entry.US);
    machine.setCr4(Cr4.SMAP);
    refuses(0, AccessKind.READ, Mode.IMPLICIT_SUPERVISOR);
  }

  @Test
  void smepActsOnWhatWasCachedUnderAnotherPcid() {
    machine.map(PAGE, Level.PT, Entry.P | Entry.US);
    machine.usePcids();
    machine.enter(5);
    machine.reach(AccessKind.FETCH, PAGE);
    machine.enter(0);
    machine.setCr4(Cr4.SMEP);
    machine.enter(5);
    machine.mmu.resetCounters();
    refuses(ErrorCode.ID, AccessKind.FETCH, Mode.SUPERVISOR);
  }

  @Test
  void userModeIsAskedAtTheAccess() {
    cache(Entry.P);
    refuses(ErrorCode.US, AccessKind.READ, Mode.USER);
  }

  @Test
  void executeDisableIsCached() {
    cache(Entry.P | Entry.XD);
    // Instruction fetches have a TLB of their own, and find the page in the second level.
    refuses(ErrorCode.ID, AccessKind.FETCH, Mode.SUPERVISOR);
  }

  @Test
  void wrpkruActsAtOnce() {
    machine.setCr4(Cr4.PKE);
    cache(Entry.P | Entry.RW | Entry.US | Entry.D | KEY_3);
    RuleMachine.accept(machine.mmu.wrpkru((long) ProtectionKeys.WD << 6));
    reaches(AccessKind.READ, Mode.USER);
    refuses(ErrorCode.WR | ErrorCode.PK, AccessKind.WRITE, Mode.USER);
    machine.read(PAGE);
    machine.mmu.resetCounters();
    RuleMachine.accept(machine.mmu.wrpkru((long) ProtectionKeys.AD << 6));
    refuses(ErrorCode.PK, AccessKind.READ, Mode.USER);
  }

  @Test
  void pkrsActsAtOnce() {
    machine.setCr4(Cr4.PKS);
    cache(Entry.P | Entry.RW | KEY_3);
    RuleMachine.accept(machine.mmu.wrmsr(ProtectionKeys.PKRS_MSR, (long) ProtectionKeys.AD << 6));
    refuses(ErrorCode.PK, AccessKind.READ, Mode.SUPERVISOR);
  }

  @Test
  void theEnablesOfKeysActAtOnce() {
    machine.setCr4(Cr4.PKE);
    RuleMachine.accept(machine.mmu.wrpkru((long) ProtectionKeys.AD << 6));
    machine.clearCr4(Cr4.PKE);
    cache(Entry.P | Entry.US | KEY_3);
    reaches(AccessKind.READ, Mode.USER);
    machine.setCr4(Cr4.PKE);
    refuses(ErrorCode.PK, AccessKind.READ, Mode.USER);
  }

  @Test
  void shadowStackPagesAreToldFromReadOnlyOnes() {
    machine.setCr4(Cr4.CET);
    cache(Entry.P | Entry.D);
    reaches(AccessKind.SHADOW_STACK_READ, Mode.SUPERVISOR);
    machine.mmu.invlpg(PAGE);
    cache(Entry.P);
    refuses(ErrorCode.SS, AccessKind.SHADOW_STACK_READ, Mode.SUPERVISOR);
  }

  /** Makes {@code flags} those of the page and reads it; what follows needs no walk. */
  private void cache(long flags) {
    machine.map(PAGE, Level.PT, flags);
    machine.mmu.invlpg(PAGE);
    machine.read(PAGE);
    machine.mmu.resetCounters();
  }

  private void reaches(AccessKind kind, Mode mode) {
    assertInstanceOf(Outcome.Reached.class, machine.access(kind, mode, PAGE));
    assertNoWalk();
  }

  private void refuses(int bits, AccessKind kind, Mode mode) {
    int error = ErrorCode.P | bits | (mode.isUser() ? ErrorCode.US : 0);
    assertEquals(new Outcome.PageFault(error, PAGE), machine.access(kind, mode, PAGE));
    assertNoWalk();
  }

  private void assertNoWalk() {
    assertEquals(0, machine.mmu.counters().walks());
  }

  private void setWriteProtect(boolean on) {
    long cr0 = machine.mmu.registers().cr0();
    RuleMachine.accept(machine.mmu.movToCr0(on ? cr0 | Cr0.WP : cr0 & ~Cr0.WP));
  }
}
