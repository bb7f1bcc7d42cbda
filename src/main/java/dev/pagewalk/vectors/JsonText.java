package dev.pagewalk.vectors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * JSON that is written into memory, without white space. Commas come by themselves; that names and
 * ends come where they belong is for the caller to see to.
 */
final class JsonText {
  private static final byte[] ZERO = {'"', '0', 'x', '0', '"'};

  private byte[] bytes = new byte[1 << 16];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** A copy of everything. */
  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  void startObject() {
    start('{');
  }

  void endObject() {
    put('}');
  }

  void startArray() {
    start('[');
  }

  void endArray() {
    put(']');
  }

  private void start(char bracket) {
    comma();
    put(bracket);
  }

  /** Ends a line. */
  void endLine() {
    put('\n');
  }

  /** The name of what comes next in an object, of ASCII and without anything to be escaped. */
  void name(String name) {
    comma();
    quoted(name);
    put(':');
  }

  void string(String text) {
    comma();
    if (isPlain(text)) {
      quoted(text);
    } else {
      put('"');
      raw(JsonStringEncoder.getInstance().quoteAsUTF8(text));
      put('"');
    }
  }

  void number(long value) {
    comma();
    if (value >= 0 && value <= 9) {
      put((char) ('0' + value));
    } else {
      raw(Long.toString(value).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  void truth(boolean value) {
    comma();
    raw(Boolean.toString(value).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A number as a string: {@code 0x} and lower-case hexadecimal digits, without leading zeros. */
  void hex(long value) {
    comma();
    if (value == 0) {
      raw(ZERO);
      return;
    }
    int digits = (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4;
    makeRoom(digits + 4);
    bytes[size++] = '"';
    bytes[size++] = '0';
    bytes[size++] = 'x';
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      int digit = (int) (value >>> shift) & 0xf;
      bytes[size++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    bytes[size++] = '"';
  }

  /** Adds {@code more} as it is. */
  void raw(byte[] more) {
    makeRoom(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  /** A comma, unless this is the first thing of a container, a line, or behind a name. */
  private void comma() {
    byte last = size == 0 ? (byte) '\n' : bytes[size - 1];
    if (last != '\n' && last != '{' && last != '[' && last != ':') {
      put(',');
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("deprecation") // It is ASCII: a byte is a character.
  private void quoted(String text) {
    int length = text.length();
    makeRoom(length + 2);
    bytes[size] = '"';
    text.getBytes(0, length, bytes, size + 1);
    bytes[size + 1 + length] = '"';
    size += length + 2;
  }

  private void put(char c) {
    makeRoom(1);
    bytes[size++] = (byte) c;
  }

  private void makeRoom(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
