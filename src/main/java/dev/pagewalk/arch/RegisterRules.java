package dev.pagewalk.arch;

import dev.pagewalk.arch.ModelChoices.RegisterChecks;
import dev.pagewalk.arch.RegisterWrite.Accepted;
import dev.pagewalk.arch.RegisterWrite.Refused;
import java.util.Optional;

/**
 * Which values MOV to CR0, CR3 and CR4, WRMSR and WRPKRU accept, and what they make of them.
 *
 * <p>Sources: SDM 2 "MOV - Move to/from Control Registers", "WRMSR", "WRPKRU", "INVPCID"; SDM 3A
 * "Paging-Mode Enabling". All but WRPKRU, which is legal at any CPL, are asked at CPL 0.
 *
 * <p>MODEL: while EFER.LMA = 1 the instruction is taken to run in 64-bit mode (CS.L = 1); the
 * compatibility-mode exit from IA-32e mode is not offered.
 */
public final class RegisterRules {
  private RegisterRules() {}

  /**
   * Why no walk can start under {@code registers}: they are not those of 4-level or 5-level paging,
   * or CR0, CR3 or CR4 sets a bit that is reserved. Nothing if it can.
   */
  public static Optional<String> whyNoWalk(Cpu cpu, Registers registers) {
    if (!registers.usesIa32ePaging()) {
      return Optional.of(
          "expected 4-level or 5-level paging: CR0.PG, CR4.PAE and EFER.LMA must be 1, found CR0 "
              + Hex.of(registers.cr0())
              + ", CR4 "
              + Hex.of(registers.cr4())
              + ", EFER "
              + Hex.of(registers.efer()));
    }
    if ((registers.cr0() >>> 32) != 0 || (registers.cr4() & Cr4.RESERVED) != 0) {
      return Optional.of(
          "expected CR0 and CR4 without reserved bits, found CR0 "
              + Hex.of(registers.cr0())
              + ", CR4 "
              + Hex.of(registers.cr4()));
    }
    long reserved = cpu.unimplementedAddressBits() | Cr3.RESERVED | Cr3.NO_FLUSH;
    if ((registers.cr3() & reserved) != 0) {
      return Optional.of(
          "CR3: expected a physical address of "
              + cpu.maxPhyAddr()
              + " bits (MAXPHYADDR), found "
              + Hex.of(registers.cr3()));
    }
    return Optional.empty();
  }

  /** MOV to CR0. */
  public static RegisterWrite movToCr0(Cpu cpu, Registers now, long value) {
    long wanted = value;
    if (cpu.choices().registerChecks() == RegisterChecks.DROPPED) {
      wanted &= 0xffff_ffffL;
    } else if (value >>> 32 != 0) {
      return RegisterWrite.refuse("bits 63:32 of CR0 are reserved");
    } else if ((value & Cr0.NW) != 0 && (value & Cr0.CD) == 0) {
      return RegisterWrite.refuse("CR0.NW is set while CR0.CD is clear");
    }
    boolean pg = (wanted & Cr0.PG) != 0;
    if (pg && (wanted & Cr0.PE) == 0) {
      return RegisterWrite.refuse("CR0.PG is set while CR0.PE is clear");
    }
    if (!pg && now.pg() && now.pcide()) {
      return RegisterWrite.refuse("CR0.PG is cleared while CR4.PCIDE is set");
    }
    if (!pg && now.pg() && now.lma()) {
      return RegisterWrite.refuse("CR0.PG is cleared in 64-bit mode");
    }
    boolean entersIa32e = pg && !now.pg() && (now.efer() & Efer.LME) != 0;
    if (entersIa32e && (now.cr4() & Cr4.PAE) == 0) {
      return RegisterWrite.refuse("CR0.PG is set with EFER.LME set while CR4.PAE is clear");
    }
    if ((wanted & Cr0.WP) == 0 && (now.cr4() & Cr4.CET) != 0) {
      return RegisterWrite.refuse("CR0.WP is cleared while CR4.CET is set");
    }
    // "Reserved bits in CR0 and CR3 remain clear after any load of those registers; attempts to set
    // them have no impact."
    Registers after = now.withCr0((wanted & Cr0.DEFINED) | Cr0.ET);
    return new Accepted(entersIa32e ? after.withEfer(now.efer() | Efer.LMA) : after);
  }

  /** MOV to CR3; bit 63 of {@code value} is the no-flush bit if CR4.PCIDE = 1. */
  public static RegisterWrite movToCr3(Cpu cpu, Registers now, long value) {
    long reserved = cpu.unimplementedAddressBits() | Cr3.RESERVED;
    if ((value & reserved) != 0) {
      return RegisterWrite.refuse(
          "bits 60:" + cpu.maxPhyAddr() + " of CR3 (MAXPHYADDR upwards) are reserved");
    }
    if ((value & (Cr3.LAM_U48 | Cr3.LAM_U57)) != 0 && !cpu.has(Feature.LAM)) {
      return RegisterWrite.refuse("bits 62:61 of CR3 are reserved without LAM");
    }
    if ((value & Cr3.NO_FLUSH) != 0 && !now.pcide()) {
      return RegisterWrite.refuse("bit 63 of CR3 is reserved while CR4.PCIDE is clear");
    }
    return new Accepted(now.withCr3(value & ~Cr3.NO_FLUSH));
  }

  /** MOV to CR4. */
  public static RegisterWrite movToCr4(Cpu cpu, Registers now, long value) {
    long refused = value & ~writableCr4(cpu);
    if (refused != 0) {
      return RegisterWrite.refuse(
          "bit " + Long.numberOfTrailingZeros(refused) + " of CR4 is reserved on this processor");
    }
    long changed = value ^ now.cr4();
    if ((changed & Cr4.PAE) != 0 && now.lma()) {
      return RegisterWrite.refuse("CR4.PAE is cleared in IA-32e mode");
    }
    if ((changed & Cr4.LA57) != 0 && now.lma()) {
      return RegisterWrite.refuse("CR4.LA57 is changed in IA-32e mode");
    }
    boolean setsPcide = (changed & value & Cr4.PCIDE) != 0;
    if (setsPcide && !now.lma()) {
      return RegisterWrite.refuse("CR4.PCIDE is set outside IA-32e mode");
    }
    if (setsPcide && (now.cr3() & Cr3.PCID) != 0) {
      return RegisterWrite.refuse("CR4.PCIDE is set while CR3[11:0] is not 0");
    }
    if ((value & Cr4.CET) != 0 && !now.wp()) {
      return RegisterWrite.refuse("CR4.CET is set while CR0.WP is clear");
    }
    return new Accepted(now.withCr4(value));
  }

  /**
   * WRMSR to {@link Efer#MSR}, {@link ProtectionKeys#PKRS_MSR} or one of the MSRs of {@link
   * MemoryTyping}, which change no register here; #GP for any other index.
   */
  public static RegisterWrite wrmsr(Cpu cpu, Registers now, long msr, long value) {
    if (msr == Efer.MSR) {
      return writeEfer(cpu, now, value);
    }
    if (MemoryTyping.DEFAULT.read(msr).isPresent()) {
      return switch (MemoryTyping.DEFAULT.withMsr(cpu, msr, value)) {
        case MemoryTyping.Write.Accepted accepted -> new Accepted(now);
        case MemoryTyping.Write.Refused(String reason) -> RegisterWrite.refuse(reason);
      };
    }
    if (msr != ProtectionKeys.PKRS_MSR || !cpu.has(Feature.PKS)) {
      return RegisterWrite.refuse("the processor has no MSR " + Hex.of(msr));
    }
    if (value >>> 32 != 0) {
      return RegisterWrite.refuse("bits 63:32 of IA32_PKRS are reserved");
    }
    return new Accepted(now.withPkrs((int) value));
  }

  /** WRPKRU with EDX:EAX = {@code value} and ECX = 0. */
  public static RegisterWrite wrpkru(Registers now, long value) {
    if (!now.pke()) {
      return new Refused(new Outcome.InvalidOpcode(), "CR4.PKE is clear");
    }
    if (value >>> 32 != 0) {
      return RegisterWrite.refuse("EDX is not 0");
    }
    return new Accepted(now.withPkru((int) value));
  }

  /** INVPCID; changes no register. */
  public static RegisterWrite invpcid(Cpu cpu, Registers now, InvpcidOperand operand) {
    if (!cpu.has(Feature.INVPCID)) {
      return new Refused(new Outcome.InvalidOpcode(), "the processor has no INVPCID");
    }
    if (Long.compareUnsigned(operand.type(), 3) > 0) {
      return RegisterWrite.refuse("INVPCID types are 0 to 3");
    }
    if ((operand.pcid() & ~Cr3.PCID) != 0) {
      return RegisterWrite.refuse("bits 63:12 of the INVPCID descriptor are reserved");
    }
    if (operand.type() <= 1 && operand.pcid() != 0 && !now.pcide()) {
      return RegisterWrite.refuse("INVPCID names a PCID while CR4.PCIDE is clear");
    }
    // MODEL: Intel checks against the processor's width, emulators against the paging mode's.
    boolean byMode = cpu.choices().invpcidCanonical() == ModelChoices.InvpcidCanonical.PAGING_MODE;
    int width = byMode ? now.linearWidth() : cpu.linearWidth();
    if (operand.type() == 0 && !LinearAddress.isCanonical(operand.linearAddress(), width)) {
      return RegisterWrite.refuse("the INVPCID descriptor's linear address is not canonical");
    }
    return new Accepted(now);
  }

  private static RegisterWrite writeEfer(Cpu cpu, Registers now, long value) {
    // MODEL: SVME, LMSLE, FFXSR and TCE of AMD's EFER count as features that the processor lacks.
    long defined = Efer.SCE | Efer.LME | Efer.LMA | (cpu.has(Feature.NX) ? Efer.NXE : 0);
    boolean togglesLme = ((value ^ now.efer()) & Efer.LME) != 0 && now.pg();
    long wanted = value;
    if (cpu.choices().registerChecks() == RegisterChecks.DROPPED) {
      wanted &= defined;
      wanted = togglesLme ? wanted ^ Efer.LME : wanted;
    } else if ((value & ~defined) != 0) {
      int bit = Long.numberOfTrailingZeros(value & ~defined);
      return RegisterWrite.refuse("bit " + bit + " of EFER is reserved on this processor");
    } else if (togglesLme) {
      return RegisterWrite.refuse("EFER.LME is changed while CR0.PG is set");
    }
    // LMA is read-only: what is written to it is ignored.
    return new Accepted(now.withEfer((wanted & ~Efer.LMA) | (now.efer() & Efer.LMA)));
  }

  private static long writableCr4(Cpu cpu) {
    long bits = Cr4.INDIFFERENT | Cr4.PAE;
    bits |= cpu.has(Feature.PGE) ? Cr4.PGE : 0;
    bits |= cpu.has(Feature.LA57) ? Cr4.LA57 : 0;
    bits |= cpu.has(Feature.PCID) ? Cr4.PCIDE : 0;
    bits |= cpu.has(Feature.SMEP) ? Cr4.SMEP : 0;
    bits |= cpu.has(Feature.SMAP) ? Cr4.SMAP : 0;
    bits |= cpu.has(Feature.PKU) ? Cr4.PKE : 0;
    bits |= cpu.has(Feature.CET) ? Cr4.CET : 0;
    bits |= cpu.has(Feature.PKS) ? Cr4.PKS : 0;
    bits |= cpu.has(Feature.LAM) ? Cr4.LAM_SUP : 0;
    return bits;
  }
}
