package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pieces of physical memory that an image file describes, checked against each other. */
final class ImageRegions {
  /** A run of physical addresses and the offset in the file of the word that places it. */
  private record Piece(long start, long end, long placedAt) {}

  private final ImageFile file;
  private final PhysicalMemory.Builder builder = PhysicalMemory.builder();
  private final List<Piece> pieces = new ArrayList<>();

  ImageRegions(ImageFile file) {
    this.file = file;
  }

  /**
   * Adds memory that holds {@code contents} at first and zeroes from there to its end.
   *
   * @param start first physical address, unsigned
   * @param bytes length, unsigned, at least that of {@code contents}, not 0
   * @param placedAt offset in the file of the word that says {@code start}
   * @throws InputException if it does not lie within 2^52 bytes
   */
  void add(long start, long bytes, MemorySegment contents, long placedAt) throws InputException {
    if (Long.compareUnsigned(start, PhysicalMemory.MAX_BYTES) >= 0
        || Long.compareUnsigned(bytes, PhysicalMemory.MAX_BYTES - start) > 0) {
      throw file.refusal(
          placedAt,
          "memory within 2^52 bytes",
          "physical address 0x%x with 0x%x bytes".formatted(start, bytes));
    }
    pieces.add(new Piece(start, start + bytes, placedAt));
    if (contents.byteSize() > 0) {
      builder.image(start, contents);
    }
    if (contents.byteSize() < bytes) {
      builder.ram(start + contents.byteSize(), bytes - contents.byteSize());
    }
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /**
   * The memory's builder, when all has been added.
   *
   * @throws InputException if two pieces overlap; it names the one that comes later in the file
   */
  PhysicalMemory.Builder finish() throws InputException {
    pieces.sort(Comparator.comparingLong(Piece::start));
    for (int i = 1; i < pieces.size(); i++) {
      Piece below = pieces.get(i - 1);
      Piece above = pieces.get(i);
      if (above.start < below.end) {
        boolean inFileOrder = below.placedAt < above.placedAt;
        Piece earlier = inFileOrder ? below : above;
        Piece later = inFileOrder ? above : below;
        throw file.refusal(
            later.placedAt,
            "memory that overlaps no other",
            "0x%x to 0x%x, which overlaps 0x%x to 0x%x, placed at offset 0x%x"
                .formatted(later.start, later.end, earlier.start, earlier.end, earlier.placedAt));
      }
    }
    return builder;
  }
}
