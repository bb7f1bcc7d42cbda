package dev.pagewalk.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what DynamoRIO's {@code drrun -t drmemtrace -tool view} prints, in the columns of its
 * several versions:
 *
 * <pre>
 * T1774669 ifetch       4 byte(s) @ 0x000000000040361a 48 8b 45 f8          mov    -0x08(%rbp), %rax
 *   173375: T1774669 read         8 byte(s) @ 0x00007ffdf9d85088 by PC 0x000000000040361a
 *       47446       37770:     2765543 read         8 byte(s) @ 0x00007fdf64e2adc8 by PC 0x0000000000404a7e
 *          14           6:       W0.T3 write        4 byte(s) @ 0x00007f86ef03d107 by PC 0x00007f86ef03d107
 * </pre>
 *
 * <p>Numbers of the record and the instruction, and the thread, stand before it or do not. Only
 * {@code ifetch}, {@code read} and {@code write} are accesses; prefetches and flushes, which cannot
 * fault, instructions that were not fetched (the later rounds of a repeated string instruction),
 * markers, the ends of threads, rules, bytes of an instruction that went on to a second line, and
 * the view's own heading and totals are passed over.
 *
 * <p>Threads share their process's memory and are not told apart; {@code W0}, the workload, is the
 * process.
 *
 * <p>Source: DynamoRIO, {@code clients/drcachesim/tools/view.cpp} and {@code view.h} of several
 * years, and the documentation's "View Tool".
 */
final class DrmemtraceReader extends TextReader {
  private static final byte[] FETCH = ascii("ifetch ");
  private static final byte[] READ = ascii("read ");
  private static final byte[] WRITE = ascii("write ");
  private static final byte[] SIZE_TO_ADDRESS = ascii(" byte(s) @ 0x");
  private static final byte[] NOT_FETCHED = ascii(" non-fetched instruction");
  private static final byte[][] NO_ACCESS = {
    ascii("pref"), ascii("iflush "), ascii("dflush "), ascii("<"), ascii("---")
  };
  private static final byte[][] VIEWS_OWN = {
    ascii("Output format:"), ascii("View tool results:"), ascii("==="), ascii("Trace invariant")
  };
  private static final byte[] TOTAL_WORD = ascii(" total ");
  private static final byte[] TOTAL = ascii(" : total ");

  private long workload;

  DrmemtraceReader(TraceInput input, TraceOptions options) {
    super(input, options);
  }

  @Override
  public TraceFormat format() {
    return TraceFormat.DRMEMTRACE;
  }

  @Override
  void line(AccessBatch batch) throws IOException {
    workload = 0;
    skipBlanks();
    if (at == end || startsWithAny(VIEWS_OWN)) {
      return;
    }
    columns();
    int kind = kind();
    if (kind >= 0) {
      access(batch, kind);
    } else if (!startsWithAny(NO_ACCESS) && !isRestOfInstruction() && !takeWord(TOTAL)) {
      malformed("ifetch, read, write, another record of drmemtrace's view, or a marker");
    }
  }

  /** Goes past the columns before the record. */
  private void columns() {
    int start = at;
    long ignored = decimal();
    if (at > start) {
      int afterNumber = at;
      skipBlanks();
      ignored += decimal();
      skipBlanks();
      if (!take(':') || takeWord(TOTAL_WORD)) {
        // A number that is no column: the total of instructions.
        at = afterNumber;
        return;
      }
      skipBlanks();
    }
    thread();
    skipBlanks();
  }

  /** Goes past the thread: {@code T3}, {@code W0.T3} or {@code 3}. */
  private void thread() {
    int start = at;
    if (take('W')) {
      long number = decimal();
      if (take('.') && take('T')) {
        workload = number;
        decimal();
        return;
      }
      at = start;
    }
    take('T');
    int digits = at;
    decimal();
    if (at == digits || (at < end && bytes[at] != ' ')) {
      at = start;
    }
  }

  private int kind() {
    if (takeWord(READ)) {
      return AccessBatch.READ;
    }
    if (takeWord(FETCH)) {
      return AccessBatch.FETCH;
    }
    return takeWord(WRITE) ? AccessBatch.WRITE : -1;
  }

  private void access(AccessBatch batch, int kind) throws IOException {
    skipBlanks();
    int size = size();
    if (size == 0) {
      malformed("a size from 1 to 4096 bytes");
      return;
    }
    if (!takeWord(SIZE_TO_ADDRESS)) {
      malformed("\" byte(s) @ 0x\" after the size");
      return;
    }
    int start = at;
    long address = hex();
    if (at == start || (at < end && bytes[at] != ' ')) {
      malformed("a hexadecimal address of at most 64 bits");
    } else if (kind != AccessBatch.FETCH || !takeWord(NOT_FETCHED)) {
      int process = processes.number(workload, lineNumber());
      batch.add(address, AccessBatch.what(kind, size, process));
    }
  }

  private boolean startsWithAny(byte[][] words) {
    for (byte[] word : words) {
      if (takeWord(word)) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing but bytes of an instruction are left. */
  private boolean isRestOfInstruction() {
    if (at == end) {
      return false;
    }
    for (int i = at; i < end; i++) {
      byte c = bytes[i];
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ' ';
      if (!hex) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
