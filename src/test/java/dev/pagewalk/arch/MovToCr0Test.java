package dev.pagewalk.arch;

import static dev.pagewalk.arch.RegisterWrites.CPU;
import static dev.pagewalk.arch.RegisterWrites.LONG;
import static dev.pagewalk.arch.RegisterWrites.PROTECTED;
import static dev.pagewalk.arch.RegisterWrites.accepted;
import static dev.pagewalk.arch.RegisterWrites.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MOV to CR0 refuses, and what it accepts next to it. */
class MovToCr0Test {
  private static final long ON = Cr0.PG | Cr0.PE | Cr0.ET | Cr0.WP;

  @ParameterizedTest
  @ValueSource(ints = {32, 33, 47, 63})
  void bits63To32AreReserved(int bit) {
    refused("63:32", mov(LONG, ON | (1L << bit)));
  }

  @Test
  void reservedBitsBelow32StayClear() {
    long undefined = 0xffff_ffffL & ~Cr0.DEFINED;
    assertEquals(ON, accepted(mov(LONG, ON | undefined)).cr0());
  }

  @Test
  void etIsAlwaysOne() {
    assertEquals(ON, accepted(mov(LONG, ON & ~Cr0.ET)).cr0());
  }

  @Test
  void nwWithoutCdIsRefused() {
    refused("NW", mov(LONG, ON | Cr0.NW));
    assertEquals(ON | Cr0.NW | Cr0.CD, accepted(mov(LONG, ON | Cr0.NW | Cr0.CD)).cr0());
    assertEquals(ON | Cr0.CD, accepted(mov(LONG, ON | Cr0.CD)).cr0());
  }

  @Test
  void pgWithoutPeIsRefused() {
    refused("PE", mov(LONG, ON & ~Cr0.PE));
    refused("PE", mov(PROTECTED, Cr0.PG));
    assertEquals(Cr0.ET, accepted(mov(PROTECTED, Cr0.ET)).cr0());
    assertEquals(Cr0.PE | Cr0.ET, accepted(mov(PROTECTED, Cr0.PE)).cr0());
  }

  @Test
  void pgIsNotClearedWhilePcideIsSet() {
    refused("PCIDE", mov(LONG.withCr4(Cr4.PAE | Cr4.PCIDE), ON & ~Cr0.PG));
    assertEquals(ON, accepted(mov(LONG.withCr4(Cr4.PAE | Cr4.PCIDE), ON)).cr0());
  }

  @Test
  void pgIsNotClearedIn64BitMode() {
    refused("64-bit mode", mov(LONG, ON & ~Cr0.PG));
    Registers legacy = LONG.withEfer(0);
    assertEquals(ON & ~Cr0.PG, accepted(mov(legacy, ON & ~Cr0.PG)).cr0());
  }

  @Test
  void pgWithLmeWantsPae() {
    Registers lme = PROTECTED.withEfer(Efer.LME);
    refused("PAE", mov(lme.withCr4(0), ON));
    Registers entered = accepted(mov(lme, ON));
    assertTrue(entered.usesIa32ePaging());
    assertEquals(Efer.LME | Efer.LMA, entered.efer());
    // Without LME it is 32-bit paging, which needs no PAE and is not IA-32e mode.
    Registers legacy = accepted(mov(PROTECTED.withCr4(0), ON));
    assertEquals(0, legacy.efer());
  }

  @Test
  void wpIsNotClearedWhileCetIsSet() {
    refused("CET", mov(LONG.withCr4(Cr4.PAE | Cr4.CET), ON & ~Cr0.WP));
    assertEquals(ON, accepted(mov(LONG.withCr4(Cr4.PAE | Cr4.CET), ON)).cr0());
    assertEquals(ON & ~Cr0.WP, accepted(mov(LONG, ON & ~Cr0.WP)).cr0());
  }

  @Test
  void aModelThatDropsReservedBitsAcceptsThem() {
    Cpu qemu = CPU.with(ModelPresets.QEMU_7_2);
    long cr0 = ON | Cr0.NW;
    assertEquals(cr0, accepted(RegisterRules.movToCr0(qemu, LONG, cr0 | 1L << 40)).cr0());
    refused("PE", RegisterRules.movToCr0(qemu, LONG, ON & ~Cr0.PE));
  }

  @Test
  void aWriteOfCr0LeavesTheOtherRegistersAlone() {
    Registers after = accepted(mov(LONG, ON | Cr0.TS));
    assertEquals(LONG.withCr0(ON | Cr0.TS), after);
  }

  private static RegisterWrite mov(Registers now, long value) {
    return RegisterRules.movToCr0(CPU, now, value);
  }
}
