package dev.pagewalk.arch;

import static dev.pagewalk.arch.RegisterWrites.CPU;
import static dev.pagewalk.arch.RegisterWrites.LONG;
import static dev.pagewalk.arch.RegisterWrites.PROTECTED;
import static dev.pagewalk.arch.RegisterWrites.accepted;
import static dev.pagewalk.arch.RegisterWrites.refused;
import static dev.pagewalk.arch.RegisterWrites.undefined;
import static dev.pagewalk.arch.RegisterWrites.without;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What WRMSR to EFER and IA32_PKRS and WRPKRU refuse, and what they accept next to it. */
class WriteMsrTest {
  private static final long RUNNING = Efer.LME | Efer.LMA | Efer.NXE;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 9, 12, 31, 32, 63})
  void undefinedBitsOfEferAreReserved(int bit) {
    refused("bit " + bit + " ", efer(CPU, LONG, RUNNING | (1L << bit)));
  }

  @Test
  void nxeWantsTheFeature() {
    refused("bit 11 ", efer(without(Feature.NX), LONG, RUNNING));
    assertEquals(RUNNING, accepted(efer(CPU, LONG, RUNNING)).efer());
    long off = Efer.LME | Efer.LMA;
    assertEquals(off, accepted(efer(without(Feature.NX), LONG, off)).efer());
    assertEquals(off, accepted(efer(CPU, LONG, off)).efer());
  }

  @Test
  void lmeIsNotChangedWhilePagingIsOn() {
    refused("LME", efer(CPU, LONG, Efer.LMA));
    refused("LME", efer(CPU, LONG.withEfer(0), Efer.LME));
    assertEquals(Efer.LME, accepted(efer(CPU, PROTECTED, Efer.LME)).efer());
    assertEquals(0, accepted(efer(CPU, PROTECTED.withEfer(Efer.LME), 0)).efer());
  }

  @Test
  void lmaIsReadOnly() {
    assertEquals(RUNNING, accepted(efer(CPU, LONG, RUNNING & ~Efer.LMA)).efer());
    assertEquals(Efer.LME, accepted(efer(CPU, PROTECTED, Efer.LME | Efer.LMA)).efer());
  }

  @Test
  void sceIsAccepted() {
    assertEquals(RUNNING | Efer.SCE, accepted(efer(CPU, LONG, RUNNING | Efer.SCE)).efer());
  }

  @Test
  void aModelThatDropsReservedBitsAcceptsThem() {
    Cpu qemu = CPU.with(ModelPresets.QEMU_7_2);
    assertEquals(RUNNING, accepted(efer(qemu, LONG, RUNNING | (1L << 40))).efer());
    assertEquals(RUNNING, accepted(efer(qemu, LONG, Efer.NXE)).efer());
  }

  @Test
  void pkrsHas32BitsAndWantsTheFeature() {
    RegisterWrite write = RegisterRules.wrmsr(CPU, LONG, ProtectionKeys.PKRS_MSR, 0xffff_ffffL);
    assertEquals(LONG.withPkrs(-1), accepted(write));
    refused("63:32", RegisterRules.wrmsr(CPU, LONG, ProtectionKeys.PKRS_MSR, 1L << 32));
    refused("no MSR", RegisterRules.wrmsr(without(Feature.PKS), LONG, ProtectionKeys.PKRS_MSR, 0));
  }

  @Test
  void otherMsrsAreUnknown() {
    refused("no MSR", RegisterRules.wrmsr(CPU, LONG, 0x6e2, 0));
  }

  @Test
  void wrpkruWantsPkeAndZeroAboveBit31() {
    Registers pke = LONG.withCr4(Cr4.PAE | Cr4.PKE);
    assertEquals(pke.withPkru(-1), accepted(RegisterRules.wrpkru(pke, 0xffff_ffffL)));
    refused("EDX", RegisterRules.wrpkru(pke, 1L << 32));
    undefined(RegisterRules.wrpkru(LONG, 0));
    undefined(RegisterRules.wrpkru(LONG.withCr4(Cr4.PAE | Cr4.PKS), 0));
  }

  private static RegisterWrite efer(Cpu cpu, Registers now, long value) {
    return RegisterRules.wrmsr(cpu, now, Efer.MSR, value);
  }

  @Test
  void msrsOfMemoryTypesChangeNoRegisterAndRefuseReservedTypes() {
    assertEquals(LONG, accepted(RegisterRules.wrmsr(CPU, LONG, Pat.MSR, 0x0706)));
    refused("entry 0 of IA32_PAT", RegisterRules.wrmsr(CPU, LONG, Pat.MSR, 2));
    assertEquals(LONG, accepted(RegisterRules.wrmsr(CPU, LONG, 0x2ff, 0xc06)));
    refused("bits 9:8", RegisterRules.wrmsr(CPU, LONG, 0x2ff, 0x100));
  }
}
