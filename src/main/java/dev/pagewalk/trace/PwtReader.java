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

  private final TraceInput input;
  private final InputStream in;
  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[Long.BYTES];
  private final byte[] header = new byte[Pwt.BLOCK_HEADER_BYTES];

  /** Eight bytes more than a payload has, so that the last difference can be read as a long. */
  private final byte[] payload = new byte[Pwt.MOST_PAYLOAD + Long.BYTES];

  private final int[] what = new int[Pwt.MOST_ENTRIES];
  private final long[] mask = new long[Pwt.MOST_ENTRIES];
  private final byte[] slot = new byte[Pwt.MOST_ENTRIES];
  private final byte[] length = new byte[Pwt.MOST_ENTRIES];

  /** Bytes of the entry's access. */
  private final int[] bytes = new int[Pwt.MOST_ENTRIES];

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

  /** Reads the dictionary; entries that it does not have leave a trace in the bad slot. */
  private void dictionary(int entries) throws IOException {
    for (int i = 0; i < entries; i++) {
      int at = i * Pwt.ENTRY_BYTES;
      what[i] = Pwt.u32(payload, at);
      slot[i] = payload[at + 4];
      length[i] = payload[at + 5];
      bytes[i] = AccessBatch.bytes(what[i]);
      boolean known = AccessBatch.process(what[i]) < processes;
      if (!known || slot[i] < 0 || slot[i] >= Pwt.SLOTS || length[i] < 0 || length[i] > 8) {
        throw refusal("a dictionary entry of block " + block + " that follows the format");
      }
      mask[i] = length[i] == 8 ? -1 : (1L << (8 * length[i])) - 1;
    }
    Arrays.fill(slot, entries, Pwt.MOST_ENTRIES, (byte) BAD_SLOT);
    Arrays.fill(length, entries, Pwt.MOST_ENTRIES, (byte) 0);
    Arrays.fill(mask, entries, Pwt.MOST_ENTRIES, 0);
    Arrays.fill(bytes, entries, Pwt.MOST_ENTRIES, 1);
  }

  /**
   * Decodes accesses whose entry numbers begin at {@code numbers}; where the last one's difference
   * ends. Differences begin within the longest payload, whatever the entries say.
   */
  private int decode(AccessBatch batch, int numbers, int records) {
    byte[] from = payload;
    long[] addresses = batch.address;
    int[] whats = batch.what;
    long[] last = ends;
    Arrays.fill(last, 0);
    int at = numbers + records;
    for (int i = 0; i < records; i++) {
      int entry = from[numbers + i] & 0xff;
      long zigzag = Pwt.u64(from, at) & mask[entry];
      at += length[entry];
      int s = slot[entry];
      long address = last[s] + ((zigzag >>> 1) ^ -(zigzag & 1));
      last[s] = address + bytes[entry];
      addresses[i] = address;
      whats[i] = what[entry];
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
