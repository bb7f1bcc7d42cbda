package dev.pagewalk.arch;

import java.util.Optional;

/**
 * A variable-range MTRR: a memory type for the physical addresses that agree with a base under a
 * mask. The mask need not be contiguous.
 *
 * <p>Source: SDM 3A "Variable Range MTRRs", "Example Base and Mask Calculations".
 *
 * @param base IA32_MTRR_PHYSBASE: the type in bits 7:0, the address from bit 12
 * @param mask IA32_MTRR_PHYSMASK: {@link #VALID} and the mask from bit 12
 */
public record VariableRange(long base, long mask) {
  /** In IA32_MTRR_PHYSMASK: the range is in use. */
  public static final long VALID = 1L << 11;

  public VariableRange {
    whyIllegalBase(base, Cpu.MAX_MAXPHYADDR)
        .or(() -> whyIllegalMask(mask, Cpu.MAX_MAXPHYADDR))
        .ifPresent(reason -> {
          throw new IllegalArgumentException(reason);
        });
  }

  /**
   * The range of {@code bytes} bytes from {@code start}.
   *
   * @param bytes a power of two, at least 4096
   * @param start a multiple of {@code bytes}
   * @throws IllegalArgumentException if they are not, or the type is UC-
   */
  public static VariableRange of(MemoryType type, long start, long bytes, int maxPhyAddr) {
    if (Long.bitCount(bytes) != 1 || bytes < Level.TABLE_BYTES || (start & (bytes - 1)) != 0) {
      throw new IllegalArgumentException(
          "a range is a power of two from 4 KiB and aligned to it: %s, %s bytes"
              .formatted(Hex.of(start), Hex.of(bytes)));
    }
    long address = -1L >>> (64 - maxPhyAddr);
    return new VariableRange(start | type.encoding(), (-bytes & address) | VALID);
  }

  /** Whether the range is in use and {@code pa} agrees with its base under its mask. */
  public boolean contains(long pa) {
    return (mask & VALID) != 0 && ((pa ^ base) & mask & Entry.ADDRESS) == 0;
  }

  /** The memory type of the range. */
  public MemoryType type() {
    return MemoryType.inMtrr(base & Mtrrs.TYPE).orElseThrow();
  }

  /** Why {@code value} is refused as IA32_MTRR_PHYSBASE by a processor of this MAXPHYADDR. */
  static Optional<String> whyIllegalBase(long value, int maxPhyAddr) {
    if ((value & 0xf00) != 0 || value >>> maxPhyAddr != 0) {
      return Optional.of(
          "bits 11:8 and 63:"
              + maxPhyAddr
              + " (MAXPHYADDR upwards) of IA32_MTRR_PHYSBASE are reserved");
    }
    return Mtrrs.whyIllegalType(value & Mtrrs.TYPE);
  }

  /** Why {@code value} is refused as IA32_MTRR_PHYSMASK by a processor of this MAXPHYADDR. */
  static Optional<String> whyIllegalMask(long value, int maxPhyAddr) {
    if ((value & 0x7ff) != 0 || value >>> maxPhyAddr != 0) {
      return Optional.of(
          "bits 10:0 and 63:"
              + maxPhyAddr
              + " (MAXPHYADDR upwards) of IA32_MTRR_PHYSMASK are reserved");
    }
    return Optional.empty();
  }
}
