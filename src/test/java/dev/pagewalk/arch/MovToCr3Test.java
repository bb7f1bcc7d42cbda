package dev.pagewalk.arch;

import static dev.pagewalk.arch.RegisterWrites.CPU;
import static dev.pagewalk.arch.RegisterWrites.LONG;
import static dev.pagewalk.arch.RegisterWrites.accepted;
import static dev.pagewalk.arch.RegisterWrites.refused;
import static dev.pagewalk.arch.RegisterWrites.without;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MOV to CR3 refuses, and what it accepts next to it. */
class MovToCr3Test {
  private static final Registers PCIDE = LONG.withCr4(Cr4.PAE | Cr4.PCIDE);

  @ParameterizedTest
  @ValueSource(ints = {36, 40, 46, 51, 52})
  void everyBitFromMaxphyaddrTo60IsReserved(int maxPhyAddr) {
    Cpu cpu = Cpu.withEverything(maxPhyAddr, ModelPresets.SDM);
    for (int bit = 12; bit <= 60; bit++) {
      RegisterWrite write = RegisterRules.movToCr3(cpu, LONG, 1L << bit);
      if (bit >= maxPhyAddr) {
        refused("MAXPHYADDR", write);
      } else {
        assertEquals(1L << bit, accepted(write).cr3());
      }
    }
  }

  @Test
  void allLowBitsAreAcceptedWithPcideAndWithout() {
    assertEquals(0x5fff, accepted(RegisterRules.movToCr3(CPU, LONG, 0x5fff)).cr3());
    assertEquals(0x5fff, accepted(RegisterRules.movToCr3(CPU, PCIDE, 0x5fff)).cr3());
  }

  @Test
  void bit63IsNoFlushWithPcideAndReservedWithout() {
    long value = 0x5001L | Cr3.NO_FLUSH;
    refused("bit 63", RegisterRules.movToCr3(CPU, LONG, value));
    assertEquals(0x5001, accepted(RegisterRules.movToCr3(CPU, PCIDE, value)).cr3());
  }

  @Test
  void theMaskingBitsWantLam() {
    for (long lam : new long[] {Cr3.LAM_U48, Cr3.LAM_U57, Cr3.LAM_U48 | Cr3.LAM_U57}) {
      refused("LAM", RegisterRules.movToCr3(without(Feature.LAM), LONG, 0x5000 | lam));
      assertEquals(0x5000 | lam, accepted(RegisterRules.movToCr3(CPU, LONG, 0x5000 | lam)).cr3());
    }
  }

  @Test
  void aWriteOfCr3LeavesTheOtherRegistersAlone() {
    assertEquals(PCIDE.withCr3(0x7003), accepted(RegisterRules.movToCr3(CPU, PCIDE, 0x7003)));
  }

  @Test
  void aProcessorWithoutLamTakesAllElse() {
    assertEquals(
        0x7018, accepted(RegisterRules.movToCr3(without(Feature.LAM), LONG, 0x7018)).cr3());
  }
}
