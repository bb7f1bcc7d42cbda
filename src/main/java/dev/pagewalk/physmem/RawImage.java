package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;

/** Raw memory: the file's bytes are those from a base address on. */
final class RawImage {
  private RawImage() {}

  /**
   * Adds all of {@code file} to {@code regions}, from {@code base} on.
   *
   * @throws InputException if it does not lie within 2^52 bytes
   */
  static void read(ImageFile file, ImageRegions regions, long base) throws InputException {
    regions.add(base, file.size(), file.bytes(), 0);
  }
}
