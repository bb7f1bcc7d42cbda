package dev.pagewalk.trace;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The lines of a text, one after another, as ranges of one buffer: nothing is allocated for a line.
 *
 * <p>A line ends with LF or CR LF; the last may end with the text. A byte order mark before the
 * first is passed over.
 */
final class LineSource {
  /** Bytes of the longest line. */
  static final int MOST_BYTES = 1 << 16;

  /** U+FEFF in UTF-8, which some programs put before a text. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private static final int BUFFER_BYTES = 1 << 18;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final long LINE_FEEDS = '\n' * EACH_BYTE;

  private final InputStream in;

  /** Holds the line; eight bytes more than are ever filled. */
  final byte[] bytes = new byte[BUFFER_BYTES + Long.BYTES];

  /** Where the line begins. */
  int from;

  /** Where it ends, without its line end. */
  int to;

  /** The line's number, from 1. */
  long number;

  /** Whether the line is longer than {@link #MOST_BYTES}; then only its beginning is there. */
  boolean tooLong;

  /** Where the next line begins. */
  private int next;

  private int filled;
  private boolean ended;

  LineSource(InputStream in) {
    this.in = in;
  }

  /** Goes on to the next line; false at the end. */
  boolean next() throws IOException {
    int end = lineFeed(next);
    if (end == filled) {
      end = refill();
      if (end < 0) {
        return false;
      }
    }
    from = next;
    tooLong = end - from > MOST_BYTES;
    to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
    next = Math.min(end + 1, filled);
    number++;
    if (number == 1 && to - from >= BYTE_ORDER_MARK.length) {
      boolean marked = Arrays.equals(bytes, from, from + 3, BYTE_ORDER_MARK, 0, 3);
      from += marked ? BYTE_ORDER_MARK.length : 0;
    }
    if (tooLong) {
      to = from + MOST_BYTES;
      if (end == filled) {
        skipRest();
      }
    }
    return true;
  }

  /** The next line's end, after reading more; negative if there is no further line. */
  private int refill() throws IOException {
    System.arraycopy(bytes, next, bytes, 0, filled - next);
    filled -= next;
    next = 0;
    int searched = 0;
    while (!ended && filled <= MOST_BYTES) {
      read(filled);
      int end = lineFeed(searched);
      if (end < filled) {
        return end;
      }
      searched = filled;
    }
    return filled == 0 ? -1 : filled;
  }

  /** Goes past the rest of a line that is too long, whose beginning stays where it is. */
  private void skipRest() throws IOException {
    int kept = to;
    while (!ended) {
      filled = kept;
      read(kept);
      int end = lineFeed(kept);
      if (end < filled) {
        next = end + 1;
        return;
      }
    }
    next = filled;
  }

  private void read(int start) throws IOException {
    int read = in.read(bytes, start, BUFFER_BYTES - start);
    ended = read < 0;
    filled += Math.max(0, read);
  }

  /** Where the first line feed from {@code start} on is; {@code filled} if there is none. */
  private int lineFeed(int start) {
    for (int at = start; at < filled; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
      long zeroes = (word - EACH_BYTE) & ~word & HIGH_BITS;
      if (zeroes != 0) {
        return Math.min(filled, at + (Long.numberOfTrailingZeros(zeroes) >>> 3));
      }
    }
    return filled;
  }
}
