package dev.pagewalk.vectors;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonToken;

/**
 * The tokens of a line of JSON as programs write it: ASCII, strings without escapes, whole numbers
 * of up to 18 digits. Whatever is not as plain, mistakes among it, it leaves to Jackson, see {@link
 * Cursor}: so there is one opinion on what is JSON, and one wording of what is wrong.
 */
final class PlainJson {
  /** What {@link #next} gives where the text is not plain. */
  static final JsonToken NOT_PLAIN = JsonToken.NOT_AVAILABLE;

  /** Objects and arrays within each other that are followed; a bit each. */
  private static final int DEEPEST = 60;

  private static final int MOST_DIGITS = 18;
  private static final int LONGEST_NAME = 100;

  /** Texts that come again and again are one String; a longer one is none of them. */
  private static final int LONGEST_KNOWN = 24;

  /**
   * By a hash, the last text that had it. Threads may lose each other's: all there is to lose is
   * the time to make the String anew.
   */
  private static final String[] KNOWN = new String[1 << 10];

  private final byte[] buffer;
  private final int end;
  private int at;

  /** The containers around, the innermost lowest, above a 1: 1 for an object, 0 for an array. */
  private long around = 1;

  /** The root has begun. */
  private boolean isOver;

  /** Nothing has come yet in the innermost container. */
  private boolean isFirst;

  /** A name has come, and its value comes next. */
  private boolean isNamed;

  /** The string, number or name that was found last, without its quotes. */
  private int from;

  private int length;
  private long hex;

  PlainJson(byte[] buffer, int from, int length) {
    this.buffer = buffer;
    this.at = from;
    this.end = from + length;
  }

  /** The next token, null at the end of the line, or {@link #NOT_PLAIN}, and then for ever. */
  JsonToken next() {
    int c = skipWhiteSpace();
    if (around == 1) {
      return root(c);
    }
    boolean isObject = (around & 1) != 0;
    if (!isNamed) {
      if (c == (isObject ? '}' : ']')) {
        at++;
        around >>>= 1;
        isFirst = false;
        return isObject ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
      }
      if (!isFirst) {
        if (c != ',') {
          return NOT_PLAIN;
        }
        at++;
        c = skipWhiteSpace();
      }
    }
    isFirst = false;
    if (isObject && !isNamed) {
      return name(c);
    }
    isNamed = false;
    return value(c);
  }

  private JsonToken root(int c) {
    if (c < 0 && isOver) {
      return null;
    }
    boolean isBegin = !isOver && (c == '{' || c == '[');
    isOver = true;
    return isBegin ? value(c) : NOT_PLAIN;
  }

  private JsonToken name(int c) {
    if (c != '"' || !string() || length > LONGEST_NAME) {
      return NOT_PLAIN;
    }
    if (skipWhiteSpace() != ':') {
      return NOT_PLAIN;
    }
    at++;
    isNamed = true;
    return JsonToken.PROPERTY_NAME;
  }

  private JsonToken value(int c) {
    return switch (c) {
      case '"' -> string() ? JsonToken.VALUE_STRING : NOT_PLAIN;
      case '{', '[' -> container(c == '{');
      case 't' -> word("true", JsonToken.VALUE_TRUE);
      case 'f' -> word("false", JsonToken.VALUE_FALSE);
      case 'n' -> word("null", JsonToken.VALUE_NULL);
      default -> wholeNumber();
    };
  }

  private JsonToken container(boolean isObject) {
    if (around >>> DEEPEST != 0) {
      return NOT_PLAIN;
    }
    at++;
    around = around << 1 | (isObject ? 1 : 0);
    isFirst = true;
    return isObject ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
  }

  /** Passes over a string without escapes; false if it is none. */
  private boolean string() {
    int i = at + 1;
    while (i < end && buffer[i] >= ' ' && buffer[i] != '"' && buffer[i] != '\\') {
      i++;
    }
    from = at + 1;
    length = i - from;
    boolean isPlain = i < end && buffer[i] == '"';
    at = isPlain ? i + 1 : at;
    return isPlain;
  }

  private JsonToken wholeNumber() {
    int i = at;
    while (i < end && buffer[i] >= '0' && buffer[i] <= '9') {
      i++;
    }
    from = at;
    length = i - from;
    boolean isPlain =
        length > 0 && length <= MOST_DIGITS && (buffer[from] != '0' || length == 1) && endsAt(i);
    at = isPlain ? i : at;
    return isPlain ? JsonToken.VALUE_NUMBER_INT : NOT_PLAIN;
  }

  private JsonToken word(String wanted, JsonToken token) {
    from = at;
    length = wanted.length();
    if (end - at < length || !matches(wanted) || !endsAt(at + length)) {
      return NOT_PLAIN;
    }
    at += length;
    return token;
  }

  /** Whether a number or a word may end before the byte at {@code i}. */
  private boolean endsAt(int i) {
    return i < end
        && (buffer[i] == ',' || buffer[i] == ']' || buffer[i] == '}' || isWhiteSpace(buffer[i]));
  }

  /** Moves to what is not white space and gives it, or -1 at the end. */
  private int skipWhiteSpace() {
    while (at < end && isWhiteSpace(buffer[at])) {
      at++;
    }
    return at < end ? buffer[at] & 0xff : -1;
  }

  private static boolean isWhiteSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /** The text of the name or string that was found last. */
  String text() {
    if (length == 0 || length > LONGEST_KNOWN) {
      return made();
    }
    int hash = (length * 31 + buffer[from]) * 31 + buffer[from + length / 2];
    int slot = (hash * 31 + buffer[from + length - 1]) & (KNOWN.length - 1);
    String known = KNOWN[slot];
    if (known == null || known.length() != length || !matches(known)) {
      known = made();
      KNOWN[slot] = known;
    }
    return known;
  }

  private String made() {
    return new String(buffer, from, length, StandardCharsets.ISO_8859_1);
  }

  private boolean matches(String text) {
    for (int i = 0; i < length; i++) {
      if (buffer[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The number that was found last. */
  long number() {
    long value = 0;
    for (int i = from; i < from + length; i++) {
      value = 10 * value + buffer[i] - '0';
    }
    return value;
  }

  /**
   * Whether the string that was found last is {@code 0x} and up to 16 lower-case hexadecimal digits
   * without leading zeros; {@link #hex} has the 64 bits then.
   */
  boolean readHex() {
    boolean isShaped =
        length >= 3 && length <= 18 && buffer[from] == '0' && buffer[from + 1] == 'x';
    if (!isShaped || (buffer[from + 2] == '0' && length > 3)) {
      return false;
    }
    hex = 0;
    int digits = 0;
    for (int i = from + 2; i < from + length; i++) {
      int digit = digit(buffer[i]);
      digits |= digit;
      hex = hex << 4 | digit;
    }
    return digits >= 0;
  }

  /** What {@link #readHex} has read. */
  long hex() {
    return hex;
  }

  private static int digit(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
