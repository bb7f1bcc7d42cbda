package dev.pagewalk.trace;

import java.io.IOException;

/**
 * A trace whose lines are accesses: reads the lines, and stops at a malformed one or counts it, as
 * was asked for. Subclasses know what a line means.
 */
abstract class TextReader implements TraceReader {
  private static final byte[] HEX = new byte[256];

  static {
    for (int i = 0; i < HEX.length; i++) {
      HEX[i] = (byte) Character.digit(i < 128 ? i : 0, 16);
    }
  }

  private final TraceInput input;
  private final LineSource lines;
  private final boolean skipMalformed;
  private long skipped;

  /** The processes that have appeared. */
  final ProcessTable processes;

  /** The bytes of the line that is parsed, and more. */
  final byte[] bytes;

  /** The next byte of the line to look at. */
  int at;

  /** Where the line ends. */
  int end;

  TextReader(TraceInput input, TraceOptions options) {
    this.input = input;
    lines = new LineSource(input.bytes());
    skipMalformed = options.skipMalformed();
    processes = new ProcessTable(input.name());
    bytes = lines.bytes;
  }

  /**
   * Takes the line from {@link #at} to {@link #end}: adds its access, if it has one, to {@code
   * batch}, which has room for one.
   *
   * @throws TraceException by {@link #malformed}
   */
  abstract void line(AccessBatch batch) throws IOException;

  @Override
  public final boolean read(AccessBatch batch) throws IOException {
    batch.size = 0;
    while (!batch.isFull() && lines.next()) {
      at = lines.from;
      end = lines.to;
      if (lines.tooLong) {
        malformed("a line of at most " + LineSource.MOST_BYTES + " bytes");
      } else if (at < end) {
        line(batch);
      }
    }
    return batch.size > 0;
  }

  @Override
  public final long processId(int process) {
    return processes.id(process);
  }

  @Override
  public final long skipped() {
    return skipped;
  }

  @Override
  public final double progress() {
    return input.progress();
  }

  @Override
  public final void close() throws IOException {
    input.close();
  }

  /** The number of the line that is parsed, from 1. */
  final long lineNumber() {
    return lines.number;
  }

  /**
   * Refuses the line, or counts it; either way the caller adds no access.
   *
   * @param expected what was expected
   */
  final void malformed(String expected) throws TraceException {
    if (!skipMalformed) {
      throw new TraceException(
          input.name(),
          "line " + lines.number,
          "expected " + expected + "; found " + Quote.of(bytes, lines.from, lines.to));
    }
    skipped++;
  }

  /** Whether the line's next byte is {@code c}; if so, goes past it. */
  final boolean take(char c) {
    if (at < end && bytes[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Goes past spaces and tabs. */
  final void skipBlanks() {
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
  }

  /** Whether the line goes on with {@code word}; if so, goes past it. */
  final boolean takeWord(byte[] word) {
    if (end - at < word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (bytes[at + i] != word[i]) {
        return false;
      }
    }
    at += word.length;
    return true;
  }

  /**
   * A hexadecimal number without prefix, of at most 64 bits. Afterwards {@link #at} is behind it;
   * where it was before, if there is none or it is too long.
   */
  final long hex() {
    byte[] line = bytes;
    int start = at;
    int place = start;
    long value = 0;
    long lost = 0;
    while (place < end) {
      int digit = HEX[line[place] & 0xff];
      if (digit < 0) {
        break;
      }
      lost |= value >>> 60;
      value = (value << 4) | digit;
      place++;
    }
    at = lost == 0 ? place : start;
    return value;
  }

  /**
   * A decimal number below 2^63. Afterwards {@link #at} is behind it; where it was before, if there
   * is none or it is too large.
   */
  final long decimal() {
    byte[] line = bytes;
    int start = at;
    int place = start;
    long value = 0;
    boolean tooLarge = false;
    while (place < end) {
      int digit = line[place] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      tooLarge |= value > (Long.MAX_VALUE - digit) / 10;
      value = (value * 10) + digit;
      place++;
    }
    at = tooLarge ? start : place;
    return value;
  }

  /** A decimal number of bytes; 0, which no access has, if there is none or it is too large. */
  final int size() {
    int start = at;
    long size = decimal();
    return at == start || size > AccessBatch.MOST_BYTES ? 0 : (int) size;
  }
}
