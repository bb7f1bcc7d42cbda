package dev.pagewalk.spec;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Registers;

/** Linear-address masking. Source: SDM 3A "Linear-Address Pre-Processing". */
final class Pointer {
  private static final long BIT_63 = 1L << 63;

  private Pointer() {}

  /**
   * The linear address that an access to {@code pointer} uses: with LAM, its data bits are replaced
   * by copies of bit 47 or 56. Bit 63 stays, so that a user pointer never becomes a supervisor one;
   * where it disagrees the address is not canonical.
   */
  static long unmasked(Registers registers, AccessKind kind, long pointer) {
    // Masking applies to data accesses: not to fetches, nor to the operands of INVLPG and INVPCID.
    int width = kind == AccessKind.FETCH ? 64 : maskedWidth(registers, pointer);
    return (LinearAddress.signExtend(pointer, width) & ~BIT_63) | (pointer & BIT_63);
  }

  /** Width of the address within {@code pointer}: 48 or 57 with masking, 64 without. */
  private static int maskedWidth(Registers registers, long pointer) {
    boolean supervisorPointer = (pointer & BIT_63) != 0;
    if (supervisorPointer) {
      boolean masked = (registers.cr4() & Cr4.LAM_SUP) != 0;
      return masked ? registers.linearWidth() : 64;
    }
    // If LAM_U57 is set, LAM_U48 is not looked at.
    if ((registers.cr3() & Cr3.LAM_U57) != 0) {
      return 57;
    }
    return (registers.cr3() & Cr3.LAM_U48) != 0 ? 48 : 64;
  }
}
