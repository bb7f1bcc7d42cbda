package dev.pagewalk.trace;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole numbers as people write large ones: {@code 0x1000}, {@code 1024}, {@code 1e6}, {@code
 * 1.5M}, {@code 64Ki}. The suffixes k, M, G and T are powers of 1,000; Ki, Mi, Gi and Ti of 1,024.
 */
public final class Quantity {
  private static final Pattern NUMBER =
      Pattern.compile("(\\d{1,30}(?:\\.\\d{1,30})?(?:[eE]\\d{1,2})?)([kKMGT]i?)?");
  private static final Pattern HEX = Pattern.compile("0[xX]([0-9a-fA-F]{1,16})");

  private Quantity() {}

  /** The number, unsigned; null if {@code value} is none, or not whole, or 2^64 or more. */
  public static Long parse(String value) {
    Matcher hex = HEX.matcher(value);
    if (hex.matches()) {
      return Long.parseUnsignedLong(hex.group(1), 16);
    }
    Matcher number = NUMBER.matcher(value);
    if (!number.matches()) {
      return null;
    }
    try {
      BigDecimal exact = new BigDecimal(number.group(1)).multiply(unit(number.group(2)));
      return Long.parseUnsignedLong(exact.toBigIntegerExact().toString());
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static BigDecimal unit(String suffix) {
    if (suffix == null) {
      return BigDecimal.ONE;
    }
    int power = 1 + "kMGT".indexOf(suffix.charAt(0) == 'K' ? 'k' : suffix.charAt(0));
    return BigDecimal.valueOf(suffix.length() == 2 ? 1024 : 1000).pow(power);
  }
}
