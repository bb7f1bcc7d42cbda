package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Registers;

/** Takes the data bits out of a pointer. Source: SDM 3A "Linear-Address Pre-Processing". */
final class LinearAddressMasking {
  private static final long BIT_63 = 1L << 63;

  private LinearAddressMasking() {}

  /** The linear address that a data access through {@code pointer} uses. */
  static long address(long pointer, Registers registers) {
    int width = pointer < 0 ? supervisorWidth(registers) : userWidth(registers);
    return (LinearAddress.signExtend(pointer, width) & ~BIT_63) | (pointer & BIT_63);
  }

  private static int supervisorWidth(Registers registers) {
    return (registers.cr4() & Cr4.LAM_SUP) == 0 ? 64 : registers.linearWidth();
  }

  /** LAM_U57 wins where both bits are set. */
  private static int userWidth(Registers registers) {
    if ((registers.cr3() & Cr3.LAM_U57) != 0) {
      return 57;
    }
    return (registers.cr3() & Cr3.LAM_U48) != 0 ? 48 : 64;
  }
}
