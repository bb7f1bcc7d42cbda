package dev.pagewalk.arch;

/** Linear addresses: canonical form. Source: SDM 1 "Canonical Addressing". */
public final class LinearAddress {
  private LinearAddress() {}

  /**
   * Whether bits 63 down to {@code width - 1} of {@code address} are all equal.
   *
   * @param width of a linear address in bits, 48 or 57
   */
  public static boolean isCanonical(long address, int width) {
    return signExtend(address, width) == address;
  }

  /** {@code address} with bit {@code width - 1} copied into all bits above it. */
  public static long signExtend(long address, int width) {
    int unused = Long.SIZE - width;
    return address << unused >> unused;
  }
}
