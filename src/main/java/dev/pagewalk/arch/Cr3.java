package dev.pagewalk.arch;

import java.util.List;

/**
 * Bits of CR3 with 4-level and 5-level paging.
 *
 * <p>Source: SDM 3A tables "Use of CR3 with 4-Level Paging and 5-Level Paging and CR4.PCIDE = 0"
 * and "... CR4.PCIDE = 1"; the LAM bits: SDM 3A "Linear-Address Pre-Processing".
 */
public final class Cr3 {
  /** Write-through for accesses to the root table, if CR4.PCIDE = 0. */
  public static final long PWT = 1L << 3;

  /** Cache disable for accesses to the root table, if CR4.PCIDE = 0. */
  public static final long PCD = 1L << 4;

  /** Process-context identifier, if CR4.PCIDE = 1: twelve bits, 11:0. */
  public static final long PCID = 0xfffL;

  /** Linear-address masking of user pointers, bits 62:57. */
  public static final long LAM_U57 = 1L << 61;

  /** Linear-address masking of user pointers, bits 62:48; LAM_U57 wins where both are set. */
  public static final long LAM_U48 = 1L << 62;

  /** In the operand of MOV to CR3 with CR4.PCIDE = 1: invalidate nothing. Never stored. */
  public static final long NO_FLUSH = 1L << 63;

  /** Bits 60:52, reserved on every processor. */
  public static final long RESERVED = 0x1ff0_0000_0000_0000L;

  /** Every field while CR4.PCIDE = 0, from bit 63 down. */
  public static final List<Field> FIELDS =
      List.of(
          Field.reserved(63, 63),
          Field.bit("LAM_U48", 62, "user pointers carry data in bits 62:48; reserved without LAM"),
          Field.bit("LAM_U57", 61, "user pointers carry data in bits 62:57; reserved without LAM"),
          Field.reserved(60, 52),
          Field.address(12, "physical address of the root table"),
          Field.ignored(11, 5),
          Field.bit("PCD", 4, "cache disable: part of the memory type of the root table"),
          Field.bit("PWT", 3, "write-through: part of the memory type of the root table"),
          Field.ignored(2, 0));

  /** Every field while CR4.PCIDE = 1, from bit 63 down. */
  public static final List<Field> FIELDS_PCIDE =
      List.of(
          Field.bit("no flush", 63, "of the operand of MOV to CR3: invalidate nothing; reads as 0"),
          Field.bit("LAM_U48", 62, "user pointers carry data in bits 62:48; reserved without LAM"),
          Field.bit("LAM_U57", 61, "user pointers carry data in bits 62:57; reserved without LAM"),
          Field.reserved(60, 52),
          Field.address(12, "physical address of the root table"),
          Field.bits("PCID", 11, 0, "process-context identifier: tags what the TLBs hold"));

  private Cr3() {}
}
