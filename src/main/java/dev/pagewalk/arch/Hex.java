package dev.pagewalk.arch;

/** Numbers of 64 bits as text: {@code 0x} and lower-case hexadecimal digits. */
public final class Hex {
  private static final int WORD_DIGITS = 16;

  private Hex() {}

  /** {@code value} without leading zeros: {@code 0x0}, {@code 0x1f}. */
  public static String of(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** {@code value} with all sixteen digits. */
  public static String word(long value) {
    return "0x" + digits(value);
  }

  /** The sixteen digits of {@code value}, without {@code 0x}. */
  public static String digits(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(WORD_DIGITS - digits.length()) + digits;
  }
}
