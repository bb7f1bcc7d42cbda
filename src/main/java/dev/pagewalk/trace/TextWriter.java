package dev.pagewalk.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a line for an access, or two. Subclasses know what a line is. */
abstract class TextWriter implements TraceWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  /** No line is longer. */
  private static final int MOST_LINE_BYTES = 128;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_DIGITS = 20;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] digits = new byte[MOST_DIGITS];
  private int at;

  TextWriter(OutputStream out) {
    this.out = out;
  }

  /** Puts the lines of an access, with their ends; less than 128 bytes. */
  abstract void access(long address, int what);

  @Override
  public final void write(AccessBatch batch) throws IOException {
    for (int i = 0; i < batch.size; i++) {
      if (at > BUFFER_BYTES - MOST_LINE_BYTES) {
        drain();
      }
      access(batch.address[i], batch.what[i]);
    }
  }

  @Override
  public final void finish() throws IOException {
    drain();
    out.flush();
  }

  @Override
  public final void close() throws IOException {
    out.close();
  }

  /** Puts ASCII text. */
  final void text(byte[] text) {
    System.arraycopy(text, 0, buffer, at, text.length);
    at += text.length;
  }

  /** Puts one character. */
  final void character(char c) {
    buffer[at++] = (byte) c;
  }

  /** Puts a number in hexadecimal, of at least {@code least} digits. */
  final void hex(long number, int least) {
    int count = Math.max(least, (Long.SIZE + 3 - Long.numberOfLeadingZeros(number)) >>> 2);
    for (int i = count - 1; i >= 0; i--) {
      buffer[at++] = DIGITS[(int) (number >>> (4 * i)) & 0xf];
    }
  }

  /** Puts a number in decimal, unsigned. */
  final void decimal(long number) {
    int count = 0;
    long rest = number;
    do {
      digits[count++] = (byte) ('0' + Long.remainderUnsigned(rest, 10));
      rest = Long.divideUnsigned(rest, 10);
    } while (rest != 0);
    while (count > 0) {
      buffer[at++] = digits[--count];
    }
  }

  /** ASCII bytes of a text. */
  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void drain() throws IOException {
    out.write(buffer, 0, at);
    at = 0;
  }
}
