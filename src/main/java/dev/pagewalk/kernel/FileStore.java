package dev.pagewalk.kernel;

/**
 * Where the pages of a file lie while they are not in memory.
 *
 * <p>Pages are 4096 bytes and are known by their number in the file, from 0. What was never written
 * reads as zeroes.
 */
public interface FileStore {
  /** Fills {@code page} with page {@code index}. */
  void read(long index, byte[] page);

  /** Keeps {@code page} as page {@code index}. */
  void write(long index, byte[] page);

  /** Whether page {@code index} was ever written and not forgotten since: it is no hole. */
  boolean contains(long index);

  /** Forgets the pages from {@code first} up to but not including {@code end}. */
  void discard(long first, long end);
}
