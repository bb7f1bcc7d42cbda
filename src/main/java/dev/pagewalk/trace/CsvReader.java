package dev.pagewalk.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code pid,op,address[,size]}, one access a line:
 *
 * <pre>
 * pid,op,address,size
 * 4711,r,0x7ffd1000,8
 * 4711,write,2147483648
 * </pre>
 *
 * <p>{@code pid} is decimal; {@code op} is r, w, f or m, or read, write, fetch, modify and the
 * like, in any case; the address is hexadecimal with {@code 0x} or decimal; the size is decimal,
 * and 1 byte if it is missing. Blanks around fields, empty lines, what follows a {@code #} at the
 * beginning of a line, and a first line that begins with {@code pid} are passed over.
 *
 * <p>Source: our own; {@code docs/traces.md}, "CSV".
 */
final class CsvReader extends TextReader {
  private static final byte[] PID = "pid".getBytes(StandardCharsets.US_ASCII);

  /** The words of operations, each as a number, the most frequent first; and their kinds. */
  private static final long[] WORDS;

  private static final int[] KINDS;

  static {
    String[] words = {
      "r", "w", "f", "m", "read", "write", "fetch", "modify", "l", "load", "s", "store", "i",
      "ifetch", "x", "exec", "execute", "rw"
    };
    WORDS = new long[words.length];
    KINDS = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      for (byte letter : words[i].getBytes(StandardCharsets.US_ASCII)) {
        WORDS[i] = (WORDS[i] << Byte.SIZE) | letter;
      }
      KINDS[i] =
          switch (words[i]) {
            case "r", "read", "l", "load" -> AccessBatch.READ;
            case "w", "write", "s", "store" -> AccessBatch.WRITE;
            case "m", "modify", "rw" -> AccessBatch.MODIFY;
            default -> AccessBatch.FETCH;
          };
    }
  }

  private boolean begun;

  CsvReader(TraceInput input, TraceOptions options) {
    super(input, options);
  }

  @Override
  public TraceFormat format() {
    return TraceFormat.CSV;
  }

  @Override
  void line(AccessBatch batch) throws IOException {
    skipBlanks();
    if (at == end || bytes[at] == '#') {
      return;
    }
    boolean first = !begun;
    begun = true;
    if (first && isHeader()) {
      return;
    }
    int start = at;
    long pid = decimal();
    if (at == start) {
      malformed("a decimal process id");
    } else if (!comma()) {
      malformed("a comma after the process id");
    } else {
      int kind = operation();
      if (kind < 0) {
        malformed("an operation: r, w, f or m, or read, write, fetch or modify");
      } else if (!comma()) {
        malformed("a comma after the operation");
      } else {
        access(batch, pid, kind);
      }
    }
  }

  private boolean isHeader() {
    if (end - at < PID.length) {
      return false;
    }
    for (int i = 0; i < PID.length; i++) {
      if ((bytes[at + i] | 0x20) != PID[i]) {
        return false;
      }
    }
    return true;
  }

  private void access(AccessBatch batch, long pid, int kind) throws IOException {
    int start = at;
    long address = address();
    if (at == start) {
      malformed("an address of at most 64 bits, hexadecimal with 0x or decimal");
      return;
    }
    int size = 1;
    if (comma()) {
      size = size();
      skipBlanks();
    }
    if (size == 0) {
      malformed("a size from 1 to 4096 bytes");
    } else if (at < end) {
      malformed(
          bytes[at] >= 'A' && at == start + digits(start)
              ? "0x before a hexadecimal address"
              : "a comma or the end of the line after a number");
    } else {
      int process = processes.number(pid, lineNumber());
      batch.add(address, AccessBatch.what(kind, size, process));
    }
  }

  /** How many decimal digits begin at {@code start}. */
  private int digits(int start) {
    int count = 0;
    while (start + count < end && bytes[start + count] >= '0' && bytes[start + count] <= '9') {
      count++;
    }
    return count;
  }

  private boolean comma() {
    skipBlanks();
    boolean taken = take(',');
    skipBlanks();
    return taken;
  }

  /** The kind of the operation at hand; negative if it is none. */
  private int operation() {
    long word = 0;
    int start = at;
    while (at < end && bytes[at] != ',' && bytes[at] != ' ' && bytes[at] != '\t') {
      word = (word << Byte.SIZE) | (bytes[at] | 0x20);
      at++;
    }
    for (int i = 0; at - start <= Long.BYTES && i < WORDS.length; i++) {
      if (WORDS[i] == word) {
        return KINDS[i];
      }
    }
    return -1;
  }

  private long address() {
    int start = at;
    if (at + 1 < end && bytes[at] == '0' && (bytes[at + 1] | 0x20) == 'x') {
      at += 2;
      long address = hex();
      at = at == start + 2 ? start : at;
      return address;
    }
    long value = unsignedDecimal();
    return value;
  }

  /** A decimal number below 2^64, as {@link #decimal}. */
  private long unsignedDecimal() {
    int start = at;
    int count = digits(start);
    if (count < 19) {
      return decimal();
    }
    String text = new String(bytes, start, count, StandardCharsets.US_ASCII);
    try {
      long value = Long.parseUnsignedLong(text);
      at = start + count;
      return value;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
