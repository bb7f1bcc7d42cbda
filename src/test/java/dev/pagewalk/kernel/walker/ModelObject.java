package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.Mempolicy;
import java.util.TreeMap;

/** What a file or an object of shared memory contains. */
final class ModelObject {
  private static final int PAGE = 4096;

  /** The kernel's object. */
  final FileObject file;

  /** Whether it is on a disk. */
  final boolean disk;

  /** Whether it was opened for reading and writing. */
  final boolean writable;

  /** Of an object in memory: where the memory of pages is to come from. */
  private final TreeMap<Long, Mempolicy> policies = new TreeMap<>();

  private final TreeMap<Long, long[]> pages = new TreeMap<>();
  private long size;

  /** One that can be written. */
  ModelObject(FileObject file, boolean disk, long size) {
    this.file = file;
    this.disk = disk;
    this.size = size;
    this.writable = true;
  }

  /** A file on a disk. */
  ModelObject(FileObject file, long size, boolean writable) {
    this.file = file;
    this.disk = true;
    this.size = size;
    this.writable = writable;
  }

  Mempolicy policy(long index) {
    return policies.getOrDefault(index, Mempolicy.NONE);
  }

  void setPolicy(long index, Mempolicy policy) {
    policies.put(index, policy);
  }

  /** Size in bytes. */
  long size() {
    return size;
  }

  long sizeInPages() {
    return (size + PAGE - 1) >>> 12;
  }

  long[] page(long index) {
    return pages.getOrDefault(index, Contents.ZERO);
  }

  void set(long index, long[] words) {
    pages.put(index, words);
  }

  /** Whether the page has a part behind the end, which write-back makes zeroes. */
  boolean hasTail(long index) {
    return disk && index == size >>> 12 && size % PAGE != 0;
  }

  /** The last page was written back. */
  void zeroTail() {
    long index = size >>> 12;
    int from = (int) (size & PAGE - 1);
    long[] words = page(index).clone();
    for (int at = from; at < PAGE; at++) {
      if (Contents.byteAt(words, at) != 0) {
        words = Contents.store(words, at, 1, 0);
      }
    }
    pages.put(index, words);
  }

  /** The file has at least this size. */
  void growTo(long bytes) {
    size = Math.max(size, bytes);
  }

  /** Behind the end nothing is left; on a disk, what grows begins with zeroes. */
  void truncate(long bytes) {
    if (bytes < size) {
      size = bytes;
      pages.tailMap(sizeInPages(), true).clear();
      zero(bytes, sizeInPages() * PAGE);
    } else {
      long end = sizeInPages() * PAGE;
      if (disk) {
        zero(size, Math.min(end, bytes));
      }
      size = bytes;
    }
  }

  /** Zeroes from {@code from} up to {@code to}, multiples of 2048; nothing behind the last page. */
  void zero(long from, long to) {
    long end = Math.min(to, sizeInPages() * PAGE);
    for (long at = from; at < end; at = (at & -PAGE) + PAGE) {
      long index = at >>> 12;
      int last = (int) Math.min(PAGE, end - index * PAGE);
      long[] words = pages.get(index);
      if (words != null) {
        pages.put(index, Contents.zero(words, (int) at & PAGE - 1, last));
      }
    }
  }
}
