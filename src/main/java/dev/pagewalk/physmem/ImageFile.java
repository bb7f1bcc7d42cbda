package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes of an image file, little-endian, and how to refuse what is in them.
 *
 * @param name the file's name as the user gave it
 * @param bytes all of the file, mapped; if it was gzipped, what it expands to
 * @param expanded whether it was gzipped, so that offsets are not those in the file on disk
 */
record ImageFile(String name, MemorySegment bytes, boolean expanded) {
  /** Length in bytes. */
  long size() {
    return bytes.byteSize();
  }

  /** Whether the file has {@code length} bytes from {@code offset}; both count as unsigned. */
  boolean has(long offset, long length) {
    return Long.compareUnsigned(offset, size()) <= 0
        && Long.compareUnsigned(length, size() - offset) <= 0;
  }

  int u8(long offset) {
    return bytes.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  int u16(long offset) {
    return bytes.get(NativeMemory.SHORT, offset) & 0xffff;
  }

  long u32(long offset) {
    return bytes.get(NativeMemory.INT, offset) & 0xffff_ffffL;
  }

  long u64(long offset) {
    return bytes.get(NativeMemory.LONG, offset);
  }

  /** A refusal that names {@code offset} and says what was expected there and what was found. */
  InputException refusal(long offset, String expected, String found) {
    String place = "offset 0x%x".formatted(offset) + (expanded ? " (expanded)" : "");
    return new InputException(name, place, "expected " + expected + ", found " + found);
  }

  /** A refusal of a file that ends before {@code expected} does. */
  InputException truncated(long offset, String expected) {
    return refusal(offset, expected, "the end of the file at 0x%x".formatted(size()));
  }
}
