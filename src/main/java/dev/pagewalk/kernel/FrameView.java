package dev.pagewalk.kernel;

import java.util.List;

/**
 * A frame in use, as somebody who looks from outside sees its record (struct page).
 *
 * @param number of the frame
 * @param kind what it is used for
 * @param references to its folio
 * @param mappings entries of all processes that map this very frame
 * @param flags in words: dirty, referenced, active, locked, exclusive, swap cache
 * @param mappers where it is mapped, by the reverse map
 */
public record FrameView(
    long number,
    Kind kind,
    int references,
    int mappings,
    List<String> flags,
    List<Mapper> mappers) {
  /** What a frame is used for. */
  public enum Kind {
    /** The kernel itself. */
    KERNEL,
    /** A page table. */
    TABLE,
    /** The page of zeroes, small or huge. */
    ZERO,
    /** Anonymous memory. */
    ANONYMOUS,
    /** The page cache of a file, or shared memory. */
    FILE
  }

  /**
   * A page that the frame is mapped at.
   *
   * @param process number of the process
   * @param address of the page
   */
  public record Mapper(int process, long address) {}
}
