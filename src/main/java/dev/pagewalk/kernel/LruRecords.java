package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;

/**
 * What reclaim knows of each frame, off-heap, 16 bytes that take memory once they are written: the
 * list that it is charged by, its place there, and the number of its page.
 */
final class LruRecords implements AutoCloseable {
  /** No list, or no place in it. */
  static final int NONE = -1;

  private static final int BYTES = 16;
  private static final int LIST = 0;
  private static final int PLACE = 4;
  private static final int PAGE = 8;

  private final PhysicalMemory records;

  /** Records for frames below {@code frames}. */
  LruRecords(long frames) {
    records = PhysicalMemory.builder().ram(0, frames * BYTES).flat().build();
  }

  /** Number of the list, or NONE: the frame is charged to nobody. */
  int list(long pfn) {
    return records.read32(pfn * BYTES + LIST) - 1;
  }

  void setList(long pfn, int list) {
    records.write32(pfn * BYTES + LIST, list + 1);
  }

  /** The place in the list, which the policy takes for a frame; NONE if it is in none. */
  int place(long pfn) {
    return records.read32(pfn * BYTES + PLACE) - 1;
  }

  void setPlace(long pfn, int place) {
    records.write32(pfn * BYTES + PLACE, place + 1);
  }

  /** The number of the page, while the frame has one. */
  long page(long pfn) {
    return records.read64(pfn * BYTES + PAGE);
  }

  void setPage(long pfn, long page) {
    records.write64(pfn * BYTES + PAGE, page);
  }

  /** Makes it as it was at first. */
  void clear(long pfn) {
    records.write64(pfn * BYTES + LIST, 0);
    records.write64(pfn * BYTES + PAGE, 0);
  }

  @Override
  public void close() {
    records.close();
  }
}
