package dev.pagewalk.trace;

import java.io.IOException;

/**
 * Reads what {@code valgrind --tool=lackey --trace-mem=yes} prints:
 *
 * <pre>
 * I  04001080,3
 *  L 1ffeffe7e0,8
 *  S 1ffeffe7d8,8
 *  M 0421c7cc,4
 * </pre>
 *
 * <p>A fetch, load, store, or load and store; the address in hexadecimal and the bytes in decimal.
 * Valgrind's own messages ({@code ==pid==}, {@code --pid--}, {@code **pid**}), the lines of {@code
 * --trace-superblocks=yes} and empty lines are passed over. All accesses are of one process: with
 * {@code --trace-children=yes} lackey writes those of all processes alike, and nobody can tell them
 * apart.
 *
 * <p>Source: Valgrind User Manual, "Lackey: an example tool"; the functions {@code trace_instr},
 * {@code trace_load}, {@code trace_store} and {@code trace_modify} of {@code lackey/lk_main.c}.
 */
final class LackeyReader extends TextReader {
  private static final int FETCH = ('I' << 16) | (' ' << 8) | ' ';
  private static final int LOAD = (' ' << 16) | ('L' << 8) | ' ';
  private static final int STORE = (' ' << 16) | ('S' << 8) | ' ';
  private static final int MODIFY = (' ' << 16) | ('M' << 8) | ' ';
  private static final int SUPERBLOCK = ('S' << 16) | ('B' << 8) | ' ';

  LackeyReader(TraceInput input, TraceOptions options) {
    super(input, options);
  }

  @Override
  public TraceFormat format() {
    return TraceFormat.LACKEY;
  }

  @Override
  void line(AccessBatch batch) throws IOException {
    int kind = kind();
    if (kind < 0) {
      return;
    }
    int start = at;
    long address = hex();
    if (at == start) {
      malformed("a hexadecimal address of at most 64 bits");
    } else if (!take(',')) {
      malformed("a comma after the address");
    } else {
      int size = size();
      if (size == 0) {
        malformed("a size from 1 to 4096 bytes");
      } else if (at < end) {
        malformed("the end of the line after the size");
      } else {
        batch.add(address, AccessBatch.what(kind, size, 0));
      }
    }
  }

  /** The kind of access; negative if the line has none. */
  private int kind() throws TraceException {
    int head = at + 2 < end ? (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2] : 0;
    int kind =
        switch (head) {
          case FETCH -> AccessBatch.FETCH;
          case LOAD -> AccessBatch.READ;
          case STORE -> AccessBatch.WRITE;
          case MODIFY -> AccessBatch.MODIFY;
          default -> -1;
        };
    if (kind >= 0) {
      at += 3;
    } else if (head != SUPERBLOCK && !isMessage()) {
      malformed("\"I  \", \" L \", \" S \" or \" M \" before an address");
    }
    return kind;
  }

  /** Whether the line is one of Valgrind's own. */
  private boolean isMessage() {
    byte first = bytes[at];
    return at + 2 < end
        && (first == '=' || first == '-' || first == '*')
        && bytes[at + 1] == first
        && bytes[at + 2] >= '0'
        && bytes[at + 2] <= '9';
  }
}
