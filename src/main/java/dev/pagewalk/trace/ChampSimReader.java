package dev.pagewalk.trace;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads instructions as ChampSim's tracers write them: records of fixed length, little-endian,
 * without a header.
 *
 * <pre>
 * offset  ChampSim (64 bytes)              CloudSuite (96 bytes)
 *  0      ip u64                           ip u64
 *  8      is_branch u8, branch_taken u8    is_branch u8, branch_taken u8
 * 10      destination_registers u8[2]      destination_registers u8[4]
 * 12/14   source_registers u8[4]           source_registers u8[4], padding to 24
 * 16/24   destination_memory u64[2]        destination_memory u64[4]
 * 32/56   source_memory u64[4]             source_memory u64[4]
 *   /88                                    asid u8[2], padding to 96
 * </pre>
 *
 * <p>An instruction is a fetch at {@code ip}, then a read at each source and a write at each
 * destination that is not 0; 0 means none. The format has no sizes: a fetch counts as 1 byte, a
 * read or write as 8 that do not go beyond their page. CloudSuite's {@code asid}, little-endian, is
 * the process.
 *
 * <p>Source: {@code struct input_instr} and {@code struct cloudsuite_instr} in ChampSim's {@code
 * inc/trace_instruction.h}, as a C compiler for x86-64 lays them out.
 */
final class ChampSimReader implements TraceReader {
  private static final int BUFFER_RECORDS = 1024;
  private static final int MOST_ACCESSES = 9;
  private static final int WORD_BYTES = 8;
  private static final int PAGE_MASK = 0xfff;

  private final TraceInput input;
  private final InputStream in;
  private final boolean skipMalformed;
  private final Layout layout;
  private final byte[] buffer;
  private final ProcessTable processes;
  private int at;
  private int filled;
  private long record;
  private long skipped;

  /** Where the fields are. */
  enum Layout {
    /** {@code struct input_instr}. */
    CHAMPSIM(64, 16, 2, 32),
    /** {@code struct cloudsuite_instr}. */
    CLOUDSUITE(96, 24, 4, 56);

    static final int SOURCES = 4;
    static final int ASID = 88;
    final int bytes;
    final int destinationsAt;
    final int destinations;
    final int sourcesAt;

    Layout(int bytes, int destinationsAt, int destinations, int sourcesAt) {
      this.bytes = bytes;
      this.destinationsAt = destinationsAt;
      this.destinations = destinations;
      this.sourcesAt = sourcesAt;
    }

    /** Whether a record may begin at {@code at}: it has an ip, and its truth values are 0 or 1. */
    boolean fits(byte[] bytes, int at) {
      return Pwt.u64(bytes, at) != 0 && (Pwt.u16(bytes, at + 8) & ~0x101) == 0;
    }
  }

  ChampSimReader(TraceInput input, TraceOptions options, Layout layout) {
    this.input = input;
    in = input.bytes();
    skipMalformed = options.skipMalformed();
    this.layout = layout;
    buffer = new byte[BUFFER_RECORDS * layout.bytes];
    processes = new ProcessTable(input.name());
  }

  @Override
  public TraceFormat format() {
    return layout == Layout.CHAMPSIM ? TraceFormat.CHAMPSIM : TraceFormat.CLOUDSUITE;
  }

  @Override
  public boolean read(AccessBatch batch) throws IOException {
    batch.size = 0;
    while (batch.size <= AccessBatch.CAPACITY - MOST_ACCESSES && hasRecord()) {
      if (layout.fits(buffer, at)) {
        instruction(batch);
      } else if (skipMalformed) {
        skipped++;
      } else {
        throw refusal("an instruction with an ip, and 0 or 1 as is_branch and branch_taken");
      }
      at += layout.bytes;
      record++;
    }
    return batch.size > 0;
  }

  @Override
  public long processId(int process) {
    return processes.id(process);
  }

  @Override
  public long skipped() {
    return skipped;
  }

  @Override
  public double progress() {
    return input.progress();
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private boolean hasRecord() throws IOException {
    if (at < filled) {
      return true;
    }
    at = 0;
    filled = in.readNBytes(buffer, 0, buffer.length);
    int rest = filled % layout.bytes;
    if (rest != 0) {
      filled -= rest;
      if (!skipMalformed) {
        long whole = record + (filled / layout.bytes);
        throw new TraceException(
            input.name(),
            "byte " + (whole * layout.bytes),
            "expected a record of "
                + layout.bytes
                + " bytes; found the end of the file after "
                + rest);
      }
      skipped++;
    }
    return filled > 0;
  }

  private void instruction(AccessBatch batch) throws IOException {
    int process = 0;
    if (layout == Layout.CLOUDSUITE) {
      process = processes.number(Pwt.u16(buffer, at + Layout.ASID), record);
    }
    batch.add(Pwt.u64(buffer, at), AccessBatch.what(AccessBatch.FETCH, 1, process));
    int sources = at + layout.sourcesAt;
    for (int i = 0; i < Layout.SOURCES; i++) {
      word(batch, Pwt.u64(buffer, sources + (i * Long.BYTES)), AccessBatch.READ, process);
    }
    int destinations = at + layout.destinationsAt;
    for (int i = 0; i < layout.destinations; i++) {
      word(batch, Pwt.u64(buffer, destinations + (i * Long.BYTES)), AccessBatch.WRITE, process);
    }
  }

  private static void word(AccessBatch batch, long address, int kind, int process) {
    if (address != 0) {
      int inPage = PAGE_MASK + 1 - (int) (address & PAGE_MASK);
      batch.add(address, AccessBatch.what(kind, Math.min(WORD_BYTES, inPage), process));
    }
  }

  private TraceException refusal(String expected) {
    return new TraceException(
        input.name(), "byte " + (record * layout.bytes), "expected " + expected);
  }
}
