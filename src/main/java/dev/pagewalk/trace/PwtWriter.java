package dev.pagewalk.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32C;

/**
 * Writes a Pagewalk trace; {@link Pwt} has the layout. Each access is told by its distance from the
 * end of an earlier one: fetches have slots of their own, and loads and stores share the others, so
 * that a stack, a heap and an array each continue where they were.
 */
final class PwtWriter implements TraceWriter {
  private static final int FETCH_SLOTS = 2;

  /** Bytes of a distance from which on an access takes over the slot that was longest unused. */
  private static final int FAR_BYTES = 4;

  private final OutputStream out;
  private final IntToLongFunction ids;
  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[Long.BYTES];
  private final byte[] header = new byte[Pwt.BLOCK_HEADER_BYTES];
  private final PwtDictionary dictionary = new PwtDictionary();
  private final byte[] numbers = new byte[AccessBatch.CAPACITY];

  /** Eight bytes more than the longest differences, so that the last can be written as a long. */
  private final byte[] differences = new byte[(AccessBatch.CAPACITY + 1) * Long.BYTES];

  private final long[] ends = new long[Pwt.SLOTS];

  /** When each slot was used last, in accesses of the block. */
  private final int[] used = new int[Pwt.SLOTS];

  private int records;
  private int length;
  private int processes;
  private long accesses;
  private long block;

  /**
   * Begins a trace.
   *
   * @param out where it goes; closed with this writer
   * @param ids the id of each process in the system that was traced, by its number
   */
  PwtWriter(OutputStream out, IntToLongFunction ids) throws IOException {
    this.out = out;
    this.ids = ids;
    Pwt.u64(header, 0, Pwt.MAGIC);
    Pwt.u16(header, Pwt.MAGIC_BYTES, Pwt.VERSION);
    crc.update(header, 0, Pwt.CHECKSUM);
    Pwt.u32(header, Pwt.CHECKSUM, (int) crc.getValue());
    out.write(header, 0, Pwt.FILE_HEADER_BYTES);
  }

  @Override
  public void write(AccessBatch batch) throws IOException {
    for (int i = 0; i < batch.size; i++) {
      int process = AccessBatch.process(batch.what[i]);
      if (process >= processes) {
        flush();
        introduce(process);
      }
      if (!append(batch.address[i], batch.what[i])) {
        flush();
        append(batch.address[i], batch.what[i]);
      }
    }
  }

  @Override
  public void finish() throws IOException {
    flush();
    byte[] payload = new byte[Pwt.END_BYTES];
    Pwt.u64(payload, 0, accesses);
    Pwt.u64(payload, Long.BYTES, processes);
    header(Pwt.END, 0, 0, Pwt.END_BYTES);
    crc.update(payload, 0, Pwt.END_BYTES);
    writeHeader();
    out.write(payload);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Adds an access to the block; false, and nothing is changed, if the dictionary is full. */
  private boolean append(long address, int what) throws IOException {
    int slot = choose(address, AccessBatch.kind(what) == AccessBatch.FETCH);
    long zigzag = zigzag(address - ends[slot]);
    int bytes = bytes(zigzag);
    int entry = dictionary.entry(what, slot, bytes);
    if (entry < 0) {
      return false;
    }
    numbers[records++] = (byte) entry;
    Pwt.u64(differences, length, zigzag);
    length += bytes;
    ends[slot] = address + AccessBatch.bytes(what);
    used[slot] = records;
    if (records == AccessBatch.CAPACITY) {
      flush();
    }
    return true;
  }

  /** The slot with the shortest difference; the one longest unused if all of them are far. */
  private int choose(long address, boolean fetch) {
    int first = fetch ? 0 : FETCH_SLOTS;
    int limit = fetch ? FETCH_SLOTS : Pwt.SLOTS;
    int best = first;
    int oldest = first;
    int least = Integer.MAX_VALUE;
    for (int slot = first; slot < limit; slot++) {
      int bytes = bytes(zigzag(address - ends[slot]));
      if (bytes < least || (bytes == least && used[slot] > used[best])) {
        least = bytes;
        best = slot;
      }
      oldest = used[slot] < used[oldest] ? slot : oldest;
    }
    return least < FAR_BYTES ? best : oldest;
  }

  private static long zigzag(long difference) {
    return (difference << 1) ^ (difference >> 63);
  }

  private static int bytes(long zigzag) {
    return (Long.SIZE - Long.numberOfLeadingZeros(zigzag) + 7) >>> 3;
  }

  /** Tells the ids of the processes up to {@code last}. */
  private void introduce(int last) throws IOException {
    while (processes <= last) {
      int count = Math.min(last + 1 - processes, Pwt.MOST_PROCESSES);
      byte[] payload = new byte[count * Pwt.PROCESS_BYTES];
      for (int i = 0; i < count; i++) {
        Pwt.u32(payload, i * Pwt.PROCESS_BYTES, processes);
        Pwt.u64(payload, (i * Pwt.PROCESS_BYTES) + 4, ids.applyAsLong(processes++));
      }
      header(Pwt.PROCESSES, 0, count, payload.length);
      crc.update(payload, 0, payload.length);
      writeHeader();
      out.write(payload);
    }
  }

  private void flush() throws IOException {
    if (records == 0) {
      return;
    }
    int entries = dictionary.size();
    header(Pwt.ACCESSES, entries, records, (entries * Pwt.ENTRY_BYTES) + records + length);
    crc.update(dictionary.bytes(), 0, entries * Pwt.ENTRY_BYTES);
    crc.update(numbers, 0, records);
    crc.update(differences, 0, length);
    writeHeader();
    out.write(dictionary.bytes(), 0, entries * Pwt.ENTRY_BYTES);
    out.write(numbers, 0, records);
    out.write(differences, 0, length);
    accesses += records;
    records = 0;
    length = 0;
    dictionary.clear();
    Arrays.fill(ends, 0);
    Arrays.fill(used, 0);
  }

  private void header(int type, int entries, int count, int bytes) {
    header[0] = (byte) type;
    header[1] = 0;
    Pwt.u16(header, 2, entries);
    Pwt.u32(header, 4, count);
    Pwt.u32(header, 8, bytes);
    Pwt.checksumHeader(crc, scratch, block, header);
  }

  private void writeHeader() throws IOException {
    Pwt.u32(header, Pwt.CHECKSUM, (int) crc.getValue());
    out.write(header, 0, Pwt.BLOCK_HEADER_BYTES);
    block++;
  }
}
