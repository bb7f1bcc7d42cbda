package dev.pagewalk.arch;

/** Physical addresses: 0 to 2^52 - 1. */
public final class PhysicalAddress {
  /** Widest physical address that an entry has room for, in bits. */
  public static final int MAX_WIDTH = 52;

  private PhysicalAddress() {}

  /** Whether {@code pa} is below 2^52. */
  public static boolean isValid(long pa) {
    return pa >>> MAX_WIDTH == 0;
  }
}
