package dev.pagewalk.machine;

import dev.pagewalk.physmem.PhysicalMemory;

/**
 * Values of up to 8 bytes in physical memory, little-endian.
 *
 * @param memory where they lie
 */
record Bytes(PhysicalMemory memory) {
  /** {@code size} bytes, 1, 2, 4 or 8, of one page. */
  long read(long pa, int size) {
    return switch (size) {
      case 1 -> memory.read8(pa);
      case 2 -> memory.read16(pa);
      case 4 -> memory.read32(pa) & 0xffff_ffffL;
      case 8 -> memory.read64(pa);
      default -> throw new IllegalArgumentException("an access has 1, 2, 4 or 8 bytes");
    };
  }

  /** Writes the low {@code size} bytes of {@code value}: 1, 2, 4 or 8, of one page. */
  void write(long pa, int size, long value) {
    switch (size) {
      case 1 -> memory.write8(pa, (int) value);
      case 2 -> memory.write16(pa, (int) value);
      case 4 -> memory.write32(pa, (int) value);
      case 8 -> memory.write64(pa, value);
      default -> throw new IllegalArgumentException("an access has 1, 2, 4 or 8 bytes");
    }
  }

  /** As {@link #read}, of any count up to 8. */
  long readEach(long pa, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) memory.read8(pa + i) << (8 * i);
    }
    return value;
  }

  /** As {@link #write}, of any count up to 8. */
  void writeEach(long pa, int count, long value) {
    for (int i = 0; i < count; i++) {
      memory.write8(pa + i, (int) (value >>> (8 * i)));
    }
  }
}
