package dev.pagewalk.kernel;

/**
 * Where the pages of a file lie while they are not in memory.
 *
 * <p>Pages are 4096 bytes and are known by their number in the file, from 0. What was never written
 * reads as zeroes. A device that fails says so in its answer and throws nothing; the kernel makes
 * SIGBUS of a read that failed, and an error number of a system call.
 */
public interface FileStore {
  /**
   * Fills {@code page} with page {@code index}; what lies behind the end of the file is zeroes.
   *
   * @return whether that worked; what {@code page} holds otherwise means nothing
   */
  boolean read(long index, byte[] page);

  /**
   * Keeps {@code page} as page {@code index}; what of it lies behind the end of the file is of no
   * account.
   *
   * @return 0, or a negated {@link Errno}
   */
  long write(long index, byte[] page);

  /** Whether page {@code index} may hold something; a hole need not be read. */
  boolean contains(long index);

  /**
   * Makes the pages from {@code first} up to but not including {@code end} read as zeroes; the size
   * stays.
   *
   * @return 0, or a negated {@link Errno}
   */
  long discard(long first, long end);

  /**
   * The file has {@code bytes} bytes from now on; what is added reads as zeroes.
   *
   * @return 0, or a negated {@link Errno}: then its size is as it was
   */
  default long resize(long bytes) {
    return 0;
  }

  /** Whether the file may be written at all. */
  default boolean isWritable() {
    return true;
  }
}
