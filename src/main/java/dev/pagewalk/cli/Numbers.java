package dev.pagewalk.cli;

import dev.pagewalk.arch.Cpu;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers as people write them: {@code 0x} and hex digits, or decimal; unsigned.
 *
 * <p>Nothing else is a number: no sign, no underscore, no space, no hex digits without {@code 0x}.
 */
final class Numbers {
  private Numbers() {}

  /**
   * The unsigned value of {@code text}, at most {@code bits} (1 to 64) wide.
   *
   * @throws TypeConversionException that says what was expected
   */
  static long parse(String text, int bits) {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    int radix = hex ? 16 : 10;
    int first = hex ? 2 : 0;
    if (first == text.length()) {
      throw notANumber(text);
    }
    long value = 0;
    boolean fits = true;
    for (int i = first; i < text.length(); i++) {
      int digit = digit(text.charAt(i), radix);
      if (digit < 0) {
        throw notANumber(text);
      }
      long most = Long.divideUnsigned(-1L - digit, radix);
      fits &= Long.compareUnsigned(value, most) <= 0;
      value = value * radix + digit;
    }
    if (!fits || (bits < Long.SIZE && value >>> bits != 0)) {
      throw new TypeConversionException(
          "expected a number of at most " + bits + " bits, not " + Failures.quote(text));
    }
    return value;
  }

  private static int digit(char c, int radix) {
    return c < 0x80 ? Character.digit(c, radix) : -1;
  }

  private static TypeConversionException notANumber(String text) {
    boolean bareHex = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      bareHex &= digit(text.charAt(i), 16) >= 0;
    }
    String hint = bareHex ? "; is 0x" + text + " meant?" : "";
    return new TypeConversionException(
        "expected 0x and hex digits, or decimal, not " + Failures.quote(text) + hint);
  }

  /** A 64-bit word: an entry, a register or an address. */
  static final class Word implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return parse(text, 64);
    }
  }

  /** A 32-bit word: an error code, PKRU or PKRS. */
  static final class Word32 implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) parse(text, 32);
    }
  }

  /** MAXPHYADDR: 36 to 52. */
  static final class MaxPhyAddr implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      long value = parse(text, 64);
      if (value < Cpu.MIN_MAXPHYADDR || value > Cpu.MAX_MAXPHYADDR) {
        throw new TypeConversionException(
            "expected "
                + Cpu.MIN_MAXPHYADDR
                + " to "
                + Cpu.MAX_MAXPHYADDR
                + ", not "
                + Failures.quote(text));
      }
      return (int) value;
    }
  }
}
