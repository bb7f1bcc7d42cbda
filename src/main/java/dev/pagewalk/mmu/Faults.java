package dev.pagewalk.mmu;

import dev.pagewalk.arch.Outcome;

/**
 * Faults as {@link Mmu#translate} returns them: negative numbers, so that nothing is allocated.
 *
 * <p>Bit 63 is set, bits 33:32 say which exception, bits 31:0 hold the error code of a page fault.
 */
public final class Faults {
  static final long GENERAL_PROTECTION = 1L << 63;
  static final long STACK_FAULT = 1L << 63 | 1L << 32;
  private static final long PAGE_FAULT = 1L << 63 | 2L << 32;

  private Faults() {}

  /** Whether {@code result} of {@link Mmu#translate} is a fault and not a physical address. */
  public static boolean isFault(long result) {
    return result < 0;
  }

  /** Whether {@code result} is a page fault. */
  public static boolean isPageFault(long result) {
    return result >>> 32 == PAGE_FAULT >>> 32;
  }

  /** The error code of a page fault, see {@link dev.pagewalk.arch.ErrorCode}. */
  public static int errorCode(long result) {
    return (int) result;
  }

  /**
   * {@code result} as a value.
   *
   * @param result what {@link Mmu#translate} returned
   * @param cr2 {@link Mmu#cr2} after it
   */
  public static Outcome outcome(long result, long cr2) {
    if (!isFault(result)) {
      return new Outcome.Reached(result);
    }
    if (isPageFault(result)) {
      return new Outcome.PageFault(errorCode(result), cr2);
    }
    return result == STACK_FAULT ? new Outcome.StackFault() : new Outcome.GeneralProtection();
  }

  static long pageFault(int errorCode) {
    return PAGE_FAULT | errorCode;
  }
}
