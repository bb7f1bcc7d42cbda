package dev.pagewalk.arch;

import java.util.List;

/** Bits of CR0. Source: SDM 3A "Control Registers". */
public final class Cr0 {
  /** Protection enable: protected mode. */
  public static final long PE = 1L;

  /** Monitor coprocessor. */
  public static final long MP = 1L << 1;

  /** Emulation of the x87 FPU. */
  public static final long EM = 1L << 2;

  /** Task switched. */
  public static final long TS = 1L << 3;

  /** Extension type; always 1. */
  public static final long ET = 1L << 4;

  /** Numeric error. */
  public static final long NE = 1L << 5;

  /** Write protect: supervisor-mode writes respect R/W. */
  public static final long WP = 1L << 16;

  /** Alignment mask. */
  public static final long AM = 1L << 18;

  /** Not write-through. */
  public static final long NW = 1L << 29;

  /** Cache disable. */
  public static final long CD = 1L << 30;

  /** Paging. */
  public static final long PG = 1L << 31;

  /** Bits that the manual defines; other bits of 31:0 stay clear whatever is written to them. */
  public static final long DEFINED = PE | MP | EM | TS | ET | NE | WP | AM | NW | CD | PG;

  /** Every field, from bit 63 down. */
  public static final List<Field> FIELDS =
      List.of(
          Field.reserved(63, 32),
          Field.bit("PG", 31, "paging is on"),
          Field.bit("CD", 30, "caches are disabled"),
          Field.bit("NW", 29, "not write-through"),
          neverSet(28, 19),
          Field.bit("AM", 18, "alignment checking may be turned on by RFLAGS.AC"),
          neverSet(17, 17),
          Field.bit("WP", 16, "supervisor-mode writes to read-only pages fault"),
          neverSet(15, 6),
          Field.bit("NE", 5, "x87 errors are reported as exceptions"),
          Field.bit("ET", 4, "always 1"),
          Field.bit("TS", 3, "a task switch has happened"),
          Field.bit("EM", 2, "no x87 FPU"),
          Field.bit("MP", 1, "WAIT looks at TS"),
          Field.bit("PE", 0, "protected mode"));

  private Cr0() {}

  /** "Reserved bits in CR0[31:0] remain clear after any load of those registers." */
  private static Field neverSet(int high, int low) {
    return new Field("reserved", high, low, Field.Role.IGNORED, "stays 0, whatever is written");
  }
}
