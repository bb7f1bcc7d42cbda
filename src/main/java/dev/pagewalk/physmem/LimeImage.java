package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;

/**
 * LiME memory captures: ranges one after another, each behind a header of 32 bytes.
 *
 * <p>Source: LiME's documentation, "Spec": magic 0x4C694D45 and version 1 (32 bits each), the first
 * and the last physical address (64 bits each), eight reserved bytes; all little-endian.
 */
final class LimeImage {
  /** The word that every range's header begins with. */
  static final long MAGIC = 0x4c694d45L;

  private static final int HEADER_BYTES = 32;
  private static final int VERSION = 4;
  private static final int FIRST = 8;
  private static final int LAST = 16;

  private LimeImage() {}

  /**
   * Adds the memory that {@code file} describes to {@code regions}.
   *
   * @throws InputException if it is not a LiME capture of version 1, or is damaged
   */
  static void read(ImageFile file, ImageRegions regions) throws InputException {
    long header = 0;
    while (header < file.size()) {
      long bytes = checkHeader(file, header);
      long contents = header + HEADER_BYTES;
      if (!file.has(contents, bytes)) {
        throw file.truncated(contents, "a range of 0x%x bytes".formatted(bytes));
      }
      regions.add(
          file.u64(header + FIRST), bytes, file.bytes().asSlice(contents, bytes), header + FIRST);
      header = contents + bytes;
    }
  }

  /** The length of the range behind the header at {@code header}, in bytes. */
  private static long checkHeader(ImageFile file, long header) throws InputException {
    if (file.has(header, 4) && file.u32(header) != MAGIC) {
      throw file.refusal(
          header, "the magic 0x4c694d45 of a LiME range", "0x%x".formatted(file.u32(header)));
    }
    if (!file.has(header, HEADER_BYTES)) {
      throw file.truncated(header, "a LiME header of 32 bytes");
    }
    if (file.u32(header + VERSION) != 1) {
      throw file.refusal(
          header + VERSION, "LiME version 1", Long.toString(file.u32(header + VERSION)));
    }
    long first = file.u64(header + FIRST);
    long last = file.u64(header + LAST);
    if (Long.compareUnsigned(last, first) < 0) {
      throw file.refusal(
          header + LAST,
          "a last address not below the first, 0x%x".formatted(first),
          "0x%x".formatted(last));
    }
    if (Long.compareUnsigned(last, PhysicalMemory.MAX_BYTES) >= 0) {
      throw file.refusal(header + LAST, "a last address within 2^52 bytes", "0x%x".formatted(last));
    }
    return last - first + 1;
  }
}
