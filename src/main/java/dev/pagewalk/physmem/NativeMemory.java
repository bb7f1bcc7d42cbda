package dev.pagewalk.physmem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The process's own memory by raw address, little-endian: where simulated frames are kept.
 *
 * <p>Nothing here checks that an address is alive; {@link PhysicalMemory} answers for that.
 */
final class NativeMemory {
  /** All of native memory; an offset in it is an address. */
  static final MemorySegment ALL = everything();

  /** Eight bytes, wherever they are. */
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Four bytes, wherever they are. */
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Two bytes, wherever they are. */
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** An aligned word; its coordinates are {@link #ALL} and the address. */
  static final VarHandle WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private NativeMemory() {}

  /** The 4096 bytes from {@code address}. */
  static MemorySegment frame(long address) {
    return ALL.asSlice(address, PhysicalMemory.FRAME_BYTES);
  }

  /** Reads 1, 2, 4 or 8 bytes at {@code address}, zero-extended. */
  static long read(long address, int bytes) {
    return switch (bytes) {
      case 1 -> ALL.get(ValueLayout.JAVA_BYTE, address) & 0xffL;
      case 2 -> ALL.get(SHORT, address) & 0xffffL;
      case 4 -> ALL.get(INT, address) & 0xffff_ffffL;
      default -> ALL.get(LONG, address);
    };
  }

  /** Writes the low 1, 2, 4 or 8 bytes of {@code value} at {@code address}. */
  static void write(long address, long value, int bytes) {
    switch (bytes) {
      case 1 -> ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
      case 2 -> ALL.set(SHORT, address, (short) value);
      case 4 -> ALL.set(INT, address, (int) value);
      default -> ALL.set(LONG, address, value);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
