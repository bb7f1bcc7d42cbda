package dev.pagewalk.trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads a Pagewalk trace, a block at a time, and refuses what is damaged, cut off, or followed by
 * anything else. A block becomes a batch; {@link Pwt} has the layout.
 *
 * <p>Damage is refused even where malformed records are to be passed over: nobody knows how many
 * accesses were lost.
 */
final class PwtReader implements TraceReader {
  private static final int BAD_SLOT = Pwt.SLOTS;
  private static final long LOW_32 = 0xffff_ffffL;
  private static final int LENGTH_SHIFT = 32;
  private static final int SLOT_SHIFT = 40;

  private final TraceInput input;
  private final InputStream in;
  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[Long.BYTES];
  private final byte[] header = new byte[Pwt.BLOCK_HEADER_BYTES];

  /** Eight bytes more than a payload has, so that the last difference can be read as a long. */
  private final byte[] payload = new byte[Pwt.MOST_PAYLOAD + Long.BYTES];

  /**
   * For each entry of the dictionary: what in the low 32 bits, then length and slot, a byte each.
   */
  private final long[] entry = new long[Pwt.MOST_ENTRIES];

  /** For each entry: the bits of its difference. */
  private final long[] mask = new long[Pwt.MOST_ENTRIES];

  /** Where the last access of each slot ended; one slot more for bytes that name no entry. */
  private final long[] ends = new long[Pwt.SLOTS + 1];

  private long[] ids = new long[16];
  private int processes;
  private long accesses;
  private long block;

  /** Where in the expanded file the next block begins. */
  private long offset;

  private boolean ended;

  PwtReader(TraceInput input) throws IOException {
    this.input = input;
    in = input.bytes();
    need(header, Pwt.FILE_HEADER_BYTES, "a header of 16 bytes");
    if (Pwt.u64(header, 0) != Pwt.MAGIC) {
      throw refusal("a Pagewalk trace; found other data");
    }
    crc.update(header, 0, Pwt.CHECKSUM);
    if ((int) crc.getValue() != Pwt.u32(header, Pwt.CHECKSUM)) {
      throw refusal("a sound header; its checksum is wrong");
    }
    if (Pwt.u16(header, 8) != Pwt.VERSION || Pwt.u16(header, 10) != 0) {
      throw refusal("version 1; found " + Pwt.u16(header, 8));
    }
    offset = Pwt.FILE_HEADER_BYTES;
  }

  @Override
  public TraceFormat format() {
    return TraceFormat.PWT;
  }

  @Override
  public boolean read(AccessBatch batch) throws IOException {
    batch.size = 0;
    while (!ended && batch.size == 0) {
      block(batch);
    }
    return batch.size > 0;
  }

  @Override
  public long processId(int process) {
    return process < processes ? ids[process] : process;
  }

  @Override
  public double progress() {
    return input.progress();
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private void block(AccessBatch batch) throws IOException {
    need(header, Pwt.BLOCK_HEADER_BYTES, "a block or the end block");
    int size = Pwt.payloadBytes(header);
    if (size < 0) {
      throw refusal("a block's header; found other data");
    }
    need(payload, size, "a block of " + (Pwt.BLOCK_HEADER_BYTES + size) + " bytes");
    Pwt.checksumHeader(crc, scratch, block, header);
    crc.update(payload, 0, size);
    if ((int) crc.getValue() != Pwt.u32(header, Pwt.CHECKSUM)) {
      throw refusal("a sound block " + block + "; its checksum is wrong");
    }
    switch (header[0]) {
      case Pwt.ACCESSES -> accesses(batch, size);
      case Pwt.PROCESSES -> processes();
      default -> end();
    }
    offset += Pwt.BLOCK_HEADER_BYTES + size;
    block++;
  }

  private void accesses(AccessBatch batch, int size) throws IOException {
    int entries = Pwt.u16(header, 2);
    int records = Pwt.u32(header, 4);
    dictionary(entries);
    int numbers = entries * Pwt.ENTRY_BYTES;
    int end = decode(batch, numbers, records);
    if (end != size || ends[BAD_SLOT] != 0) {
      throw refusal("as many bytes as the accesses of block " + block + " have");
    }
    batch.size = records;
    accesses += records;
  }

  /** Reads the dictionary; bytes that name no entry of it leave a trace in the bad slot. */
  private void dictionary(int entries) throws IOException {
    for (int i = 0; i < entries; i++) {
      int at = i * Pwt.ENTRY_BYTES;
      int what = Pwt.u32(payload, at);
      int slot = payload[at + 4];
      int length = payload[at + 5];
      boolean known = AccessBatch.process(what) < processes;
      if (!known || slot < 0 || slot >= Pwt.SLOTS || length < 0 || length > Long.BYTES) {
        throw refusal("a dictionary entry of block " + block + " that follows the format");
      }
      entry[i] = entry(what, slot, length);
      mask[i] = length == Long.BYTES ? -1 : (1L << (Byte.SIZE * length)) - 1;
    }
    Arrays.fill(entry, entries, Pwt.MOST_ENTRIES, entry(0, BAD_SLOT, 0));
    Arrays.fill(mask, entries, Pwt.MOST_ENTRIES, 0);
  }

  private static long entry(int what, int slot, int length) {
    return (what & LOW_32) | ((long) length << LENGTH_SHIFT) | ((long) slot << SLOT_SHIFT);
  }

  /**
   * Decodes accesses whose entry numbers begin at {@code numbers}; where the last one's difference
   * ends. Differences begin within the longest payload, whatever the entries say.
   */
  private int decode(AccessBatch batch, int numbers, int records) {
    byte[] from = payload;
    long[] last = ends;
    Arrays.fill(last, 0);
    int at = numbers + records;
    for (int i = 0; i < records; i++) {
      int number = from[numbers + i] & 0xff;
      long info = entry[number];
      long zigzag = Pwt.u64(from, at) & mask[number];
      at += (int) (info >>> LENGTH_SHIFT) & 0xf;
      int slot = (int) (info >>> SLOT_SHIFT);
      long address = last[slot] + ((zigzag >>> 1) ^ -(zigzag & 1));
      last[slot] = address + AccessBatch.bytes((int) info);
      batch.address[i] = address;
      batch.what[i] = (int) info;
    }
    return at;
  }

  private void processes() throws IOException {
    int records = Pwt.u32(header, 4);
    for (int i = 0; i < records; i++) {
      int at = i * Pwt.PROCESS_BYTES;
      if (Pwt.u32(payload, at) != processes || processes > AccessBatch.LAST_PROCESS) {
        throw refusal("process " + processes + " next, of at most 262,144");
      }
      if (processes == ids.length) {
        ids = Arrays.copyOf(ids, processes * 2);
      }
      ids[processes++] = Pwt.u64(payload, at + 4);
    }
  }

  private void end() throws IOException {
    if (Pwt.u64(payload, 0) != accesses || Pwt.u64(payload, 8) != processes) {
      throw refusal("the end block of " + accesses + " accesses");
    }
    offset += Pwt.BLOCK_HEADER_BYTES + Pwt.END_BYTES;
    if (in.read() >= 0) {
      throw refusal("the end of the file after the end block; found more");
    }
    ended = true;
  }

  private void need(byte[] into, int count, String what) throws IOException {
    try {
      int read = in.readNBytes(into, 0, count);
      if (read < count) {
        throw refusal(what + "; found the end of the file");
      }
    } catch (EOFException e) {
      throw refusal(what + "; found the end of the file");
    }
  }

  private TraceException refusal(String expected) {
    return new TraceException(input.name(), "byte " + offset, "expected " + expected);
  }
}
