package dev.pagewalk.physmem;

/**
 * A run of physical addresses behind which there is memory.
 *
 * @param start first physical address
 * @param bytes length in bytes, at least 1; {@code start + bytes} is at most 2^52
 * @param image whether its first contents come from a memory image
 */
public record Region(long start, long bytes, boolean image) {
  public Region {
    if (start < 0 || bytes < 1 || bytes > PhysicalMemory.MAX_BYTES - start) {
      throw new IllegalArgumentException(
          "a region lies within 2^52 bytes: start 0x%x, 0x%x bytes".formatted(start, bytes));
    }
  }

  /** The first physical address behind the region. */
  public long end() {
    return start + bytes;
  }

  /** Whether the byte at {@code pa} belongs to the region. */
  public boolean contains(long pa) {
    return Long.compareUnsigned(pa - start, bytes) < 0;
  }
}
