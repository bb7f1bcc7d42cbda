package dev.pagewalk.kernel;

import java.util.Optional;

/**
 * What {@code mmap} is asked.
 *
 * @param address where, or a hint; bytes
 * @param length bytes
 * @param prot of {@link Prot}
 * @param flags of {@link MapFlag}
 * @param file what is mapped; empty with {@link MapFlag#ANONYMOUS}
 * @param offset in the file, in bytes
 */
public record MmapRequest(
    long address, long length, int prot, int flags, Optional<FileObject> file, long offset) {

  /** Anonymous memory. */
  public static MmapRequest anonymous(long address, long length, int prot, int flags) {
    return new MmapRequest(address, length, prot, flags | MapFlag.ANONYMOUS, Optional.empty(), 0);
  }
}
