package dev.pagewalk.arch;

/**
 * One field of a 64-bit word that the manuals define: an entry, a control register or an error
 * code.
 *
 * @param name the manual's short name, {@code U/S} for example
 * @param high bit index of the field's highest bit, 0 to 63
 * @param low bit index of the field's lowest bit, 0 to {@code high}
 * @param role what the processor does with the field
 * @param meaning one sentence on what the bit does, without a full stop
 */
public record Field(String name, int high, int low, Role role, String meaning) {
  /** What the processor does with a field. */
  public enum Role {
    /** The processor acts on it. */
    DEFINED,
    /** Physical-address bits M-1 downwards; those from M (MAXPHYADDR) to 51 are reserved. */
    ADDRESS,
    /** The processor does not look at it: software may use it. */
    IGNORED,
    /** Must be 0, else a page fault with RSVD or a general-protection fault. */
    RESERVED
  }

  public Field {
    if (low < 0 || high > 63 || low > high) {
      throw new IllegalArgumentException("no bit field: " + high + ":" + low);
    }
  }

  static Field bit(String name, int bit, String meaning) {
    return new Field(name, bit, bit, Role.DEFINED, meaning);
  }

  static Field bits(String name, int high, int low, String meaning) {
    return new Field(name, high, low, Role.DEFINED, meaning);
  }

  static Field address(int low, String meaning) {
    return new Field("address", 51, low, Role.ADDRESS, meaning);
  }

  static Field ignored(int high, int low) {
    return new Field("ignored", high, low, Role.IGNORED, "ignored; software may use it");
  }

  static Field reserved(int high, int low) {
    return new Field("reserved", high, low, Role.RESERVED, "must be 0");
  }

  /** The field's bits as a mask over the whole word. */
  public long mask() {
    int width = high - low + 1;
    return width == 64 ? -1L : ((1L << width) - 1) << low;
  }

  /** Number of bits, 1 to 64. */
  public int width() {
    return high - low + 1;
  }

  /** The field's value in {@code word}, shifted down to bit 0. */
  public long in(long word) {
    return (word & mask()) >>> low;
  }

  /** Bit positions as the manuals write them: {@code 63} or {@code 62:59}. */
  public String position() {
    return high == low ? Integer.toString(high) : high + ":" + low;
  }
}
