package dev.pagewalk.arch;

import java.util.List;

/** Bits of the MSR IA32_EFER. Source: SDM 3A "Extended Feature Enable Register". */
public final class Efer {
  /** Index of the MSR. */
  public static final long MSR = 0xc000_0080L;

  /** SYSCALL enable. */
  public static final long SCE = 1L;

  /** IA-32e mode enable. */
  public static final long LME = 1L << 8;

  /** IA-32e mode active; follows CR0.PG and LME, a write leaves it as it is. */
  public static final long LMA = 1L << 10;

  /** Execute-disable bit enable. */
  public static final long NXE = 1L << 11;

  /** Every field, from bit 63 down. */
  public static final List<Field> FIELDS =
      List.of(
          Field.reserved(63, 12),
          Field.bit("NXE", 11, "XD in an entry forbids instruction fetches"),
          Field.bit("LMA", 10, "IA-32e mode is active; read-only"),
          Field.reserved(9, 9),
          Field.bit("LME", 8, "setting CR0.PG enters IA-32e mode"),
          Field.reserved(7, 1),
          Field.bit("SCE", 0, "SYSCALL and SYSRET are enabled"));

  private Efer() {}
}
