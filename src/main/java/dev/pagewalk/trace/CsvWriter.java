package dev.pagewalk.trace;

import java.io.OutputStream;
import java.util.function.IntToLongFunction;

/**
 * Writes {@code pid,op,address,size} with a header; nothing is lost. {@link CsvReader} has the
 * format.
 */
final class CsvWriter extends TextWriter {
  private static final byte[] HEADER = ascii("pid,op,address,size\n");
  private static final byte[] ADDRESS = ascii(",0x");
  private static final String OPERATIONS = "rwfm";

  private final IntToLongFunction ids;

  CsvWriter(OutputStream out, IntToLongFunction ids) {
    super(out);
    this.ids = ids;
    text(HEADER);
  }

  @Override
  void access(long address, int what) {
    decimal(ids.applyAsLong(AccessBatch.process(what)));
    character(',');
    character(OPERATIONS.charAt(AccessBatch.kind(what)));
    text(ADDRESS);
    hex(address, 1);
    character(',');
    decimal(AccessBatch.bytes(what));
    character('\n');
  }
}
