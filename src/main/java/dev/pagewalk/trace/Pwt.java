package dev.pagewalk.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The layout of a Pagewalk trace, byte for byte; all numbers are little-endian.
 *
 * <pre>
 * file   = magic (8)  version u16  reserved u16 = 0  CRC-32C u32 of the 12 bytes before  block*
 * block  = type u8  reserved u8 = 0  entries u16  records u32  bytes u32  CRC-32C u32  payload
 * </pre>
 *
 * <p>{@code bytes} is the length of the payload. The checksum is over the block's number (u64, from
 * 0), the twelve bytes before the checksum and the payload: a block that is missing, twice there or
 * elsewhere is found like one that is damaged.
 *
 * <ul>
 *   <li>Type 1, accesses: {@code entries} (1 to 256) dictionary entries of six bytes: what u32
 *       (kind, bytes and process as {@link AccessBatch#what} packs them), slot u8 (0 to 7), length
 *       u8 (0 to 8). Then for each of {@code records} (1 to 8,192) accesses one byte, the number of
 *       its entry; then for each access as many bytes as its entry says: how far it is from the end
 *       of the access before it in its slot, zigzag. Every slot begins at 0 in every block.
 *   <li>Type 2, processes: {@code entries} = 0, and {@code records} (1 to 4,096) times number u32,
 *       id u64. The numbers go up from 0. It comes before the first access of these processes.
 *   <li>Type 3, the end: {@code entries} = 0, {@code records} = 0, accesses u64, processes u64.
 *       Nothing follows it.
 * </ul>
 *
 * <p>Source: our own; {@code docs/traces.md}, "Pagewalk trace". The magic follows the "PNG
 * Specification", "PNG file signature": it shows a file that was treated as text.
 */
final class Pwt {
  /** 0x89 "PWT" CR LF 0x1a LF. */
  static final long MAGIC = 0x0a1a_0a0d_5457_5089L;

  static final int MAGIC_BYTES = 8;
  static final int VERSION = 1;
  static final int FILE_HEADER_BYTES = 16;
  static final int BLOCK_HEADER_BYTES = 16;

  /** Where a header's checksum is. */
  static final int CHECKSUM = 12;

  static final int ACCESSES = 1;
  static final int PROCESSES = 2;
  static final int END = 3;

  static final int MOST_ENTRIES = 256;
  static final int ENTRY_BYTES = 6;
  static final int PROCESS_BYTES = 12;
  static final int MOST_PROCESSES = 4096;
  static final int END_BYTES = 16;
  static final int SLOTS = 8;

  /** Bytes of the longest payload. */
  static final int MOST_PAYLOAD =
      (MOST_ENTRIES * ENTRY_BYTES) + (AccessBatch.CAPACITY * (1 + Long.BYTES));

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Pwt() {}

  static long u64(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  static void u64(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  static int u32(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static void u32(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  static int u16(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at) & 0xffff;
  }

  static void u16(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  /** The bytes that a payload has by its header; negative if there is no such header. */
  static int payloadBytes(byte[] header) {
    int entries = u16(header, 2);
    int records = u32(header, 4);
    int bytes = u32(header, 8);
    boolean fits =
        switch (header[0]) {
          case ACCESSES -> isAccesses(entries, records, bytes);
          case PROCESSES ->
              records >= 1
                  && records <= MOST_PROCESSES
                  && entries == 0
                  && bytes == records * PROCESS_BYTES;
          case END -> entries == 0 && records == 0 && bytes == END_BYTES;
          default -> false;
        };
    return fits && header[1] == 0 ? bytes : -1;
  }

  private static boolean isAccesses(int entries, int records, int bytes) {
    int least = (entries * ENTRY_BYTES) + records;
    return entries >= 1
        && entries <= MOST_ENTRIES
        && records >= 1
        && records <= AccessBatch.CAPACITY
        && bytes >= least
        && bytes <= least + (records * Long.BYTES);
  }

  /** Adds a block's number and header to its checksum. */
  static void checksumHeader(CRC32C crc, byte[] scratch, long number, byte[] header) {
    crc.reset();
    u64(scratch, 0, number);
    crc.update(scratch, 0, Long.BYTES);
    crc.update(header, 0, CHECKSUM);
  }
}
