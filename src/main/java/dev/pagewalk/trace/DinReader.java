package dev.pagewalk.trace;

import java.io.IOException;

/**
 * Reads the input of the cache simulator Dinero, in both of its forms:
 *
 * <pre>
 * 2 401080              traditional: label, address; the rest of the line is a comment
 * r 7fff1000 8          extended: kind, address, bytes; the rest of the line is a comment
 * </pre>
 *
 * <p>Labels are 0 (read), 1 (write), 2 (fetch), and the escapes 3 (unknown) and 4 (flush the
 * cache), which are passed over, as are empty lines. Kinds are r, w, i (fetch), m (counts as a
 * read), and c and v (copy back, invalidate), which are passed over. Addresses and bytes are
 * hexadecimal, with or without {@code 0x}. A traditional access has no size: it goes up to the end
 * of its aligned word of 4 bytes, as in Dinero IV.
 *
 * <p>Source: the man page dinero(1) of Dinero III, "din format"; {@code dinfmt.c} and {@code
 * xdinfmt.c} of Dinero IV.
 */
final class DinReader extends TextReader {
  private static final int WORD_BYTES = 4;
  private static final int PASSED_OVER = 4;
  private static final int UNKNOWN = -1;

  DinReader(TraceInput input, TraceOptions options) {
    super(input, options);
  }

  @Override
  public TraceFormat format() {
    return TraceFormat.DIN;
  }

  @Override
  void line(AccessBatch batch) throws IOException {
    skipBlanks();
    if (at == end) {
      return;
    }
    byte label = bytes[at++];
    int kind = kind(label);
    if (kind == UNKNOWN || (at < end && !isBlank(bytes[at]))) {
      malformed("a label from 0 to 4, or r, w, i, m, c or v");
    } else if (kind != PASSED_OVER) {
      access(batch, kind, label >= 'a');
    }
  }

  private static int kind(byte label) {
    return switch (label) {
      case '0', 'r', 'm' -> AccessBatch.READ;
      case '1', 'w' -> AccessBatch.WRITE;
      case '2', 'i' -> AccessBatch.FETCH;
      case '3', '4', 'c', 'v' -> PASSED_OVER;
      default -> UNKNOWN;
    };
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t';
  }

  private void access(AccessBatch batch, int kind, boolean extended) throws IOException {
    skipBlanks();
    int start = at;
    long address = prefixedHex();
    if (at == start || (at < end && !isBlank(bytes[at]))) {
      malformed("a hexadecimal address of at most 64 bits");
      return;
    }
    long size = WORD_BYTES - (address & (WORD_BYTES - 1));
    if (extended) {
      skipBlanks();
      start = at;
      size = prefixedHex();
      if (at == start || (at < end && !isBlank(bytes[at])) || (size - 1) >>> 12 != 0) {
        malformed("a hexadecimal size from 1 to 1000");
        return;
      }
    }
    batch.add(address, AccessBatch.what(kind, (int) size, 0));
  }

  /**
   * A hexadecimal number that may have {@code 0x}; {@link #at} stays where it is if there is none.
   */
  private long prefixedHex() {
    int start = at;
    if (at + 1 < end && bytes[at] == '0' && (bytes[at + 1] | 0x20) == 'x') {
      at += 2;
      long value = hex();
      at = at == start + 2 ? start : at;
      return value;
    }
    return hex();
  }
}
