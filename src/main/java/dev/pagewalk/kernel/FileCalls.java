package dev.pagewalk.kernel;

import java.util.List;

/**
 * The system calls on files that mappings notice.
 *
 * <p>Each returns a value of at least 0, or a negated {@link Errno}; each may owe invalidations.
 */
public final class FileCalls {
  private final Kernel kernel;

  FileCalls(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Sets the size of a file, in bytes; entries of pages behind the end go, private copies too. */
  public long ftruncate(FileObject file, long size) {
    kernel.begin();
    if (size < 0) {
      return Errno.EINVAL.result();
    }
    long old = file.size();
    file.setSize(size);
    if (size < old) {
      long first = file.sizeInPages();
      unmap(file, first, Long.MAX_VALUE, Zap.Mode.TRUNCATE);
      kernel.pageCache().zero(file, size, first << 12);
      kernel.pageCache().discard(file, first, Long.MAX_VALUE);
    } else if (size > old) {
      file.setSize(old);
      clearTail(file, size);
      file.setSize(size);
    }
    return 0;
  }

  /** What a mapping stored behind the end, in the last page, is not part of a file that grows. */
  private void clearTail(FileObject file, long newSize) {
    long old = file.size();
    if (file.fileSystem().hasDevice()) {
      kernel.pageCache().zero(file, old, Math.min(old + 0xfff & -4096L, newSize));
    }
  }

  /** Cuts a hole: whole pages go, parts of pages become zeroes; the size stays. */
  public long punchHole(FileObject file, long offset, long length) {
    kernel.begin();
    if (offset < 0 || length <= 0) {
      return Errno.EINVAL.result();
    }
    punch(kernel, file, offset, length);
    return 0;
  }

  /** As {@link #punchHole}, also for advice REMOVE; what was mapped there is owed. */
  static void punch(Kernel kernel, FileObject file, long offset, long length) {
    if (file.pool() != null) {
      HugetlbPages.punch(file, offset, length, kernel.token());
      return;
    }
    long end = Math.min(offset + length, file.sizeInPages() << 12);
    long first = (offset + 0xfff) >>> 12;
    long last = end >>> 12;
    long lastAsked = (offset + length) >>> 12;
    if (lastAsked == 0) {
      // Linux takes the end, one less than 0, for unsigned: all entries from the first page on go.
      unmap(file, first, Long.MAX_VALUE, Zap.Mode.FILE_HOLE);
    } else if (first < lastAsked) {
      unmap(file, first, lastAsked, Zap.Mode.FILE_HOLE);
    }
    PageCache cache = kernel.pageCache();
    if (first > last) {
      cache.zero(file, offset, end);
      return;
    }
    cache.zero(file, offset, Math.min(first << 12, end));
    cache.zero(file, Math.max(last << 12, offset), end);
    cache.discard(file, first, last);
  }

  /** Takes the entries of pages {@code first} up to {@code end} from all who map the file. */
  private static void unmap(FileObject file, long first, long end, Zap.Mode mode) {
    for (Vma vma : file.mappings()) {
      long from = Math.max(first, vma.pgoff);
      long to = Math.min(end, vma.pgoff + vma.pages());
      if (from < to) {
        Zap.range(vma, vma.addressOf(from), vma.addressOf(to), mode);
      }
    }
  }

  /**
   * Reads bytes.
   *
   * @return how many there were before the end of the file
   */
  public long read(FileObject file, long offset, byte[] bytes) {
    kernel.begin();
    long available = Math.max(0, Math.min(bytes.length, file.size() - offset));
    int done = 0;
    while (done < available) {
      long at = offset + done;
      int count = (int) Math.min(available - done, PageTables.PAGE_BYTES - (at & 0xfff));
      long pfn = page(file, at >>> 12, false);
      if (pfn == Folios.NONE) {
        return done > 0 ? done : Errno.ENOMEM.result();
      }
      kernel.memory().read((pfn << 12) + (at & 0xfff), bytes, done, count);
      kernel.folios().markAccessed(pfn);
      done += count;
    }
    return done;
  }

  /**
   * Writes bytes; the file grows if it must.
   *
   * @return how many were written
   */
  public long write(FileObject file, long offset, byte[] bytes) {
    kernel.begin();
    if (offset > file.size()) {
      clearTail(file, offset);
    }
    int done = 0;
    while (done < bytes.length) {
      long at = offset + done;
      int count = (int) Math.min(bytes.length - done, PageTables.PAGE_BYTES - (at & 0xfff));
      long pfn = page(file, at >>> 12, true);
      if (pfn == Folios.NONE) {
        return done > 0 ? done : Errno.ENOMEM.result();
      }
      kernel.memory().write((pfn << 12) + (at & 0xfff), bytes, done, count);
      kernel.folios().set(pfn, FrameTable.DIRTY);
      if (!file.fileSystem().hasDevice()) {
        kernel.folios().set(pfn, FrameTable.REFERENCED);
      }
      done += count;
      file.setSize(Math.max(file.size(), at + count));
    }
    return done;
  }

  /** The frame of a page that is read or written; has room made for it if it must. */
  private long page(FileObject file, long index, boolean write) {
    Pressure pressure = kernel.pressure();
    if (pressure != null) {
      pressure.beginPage();
    }
    long pfn = kernel.pageCache().forSystemCall(file, index, write);
    while (pfn == Folios.NONE && pressure != null && pressure.makeRoom()) {
      pfn = kernel.pageCache().forSystemCall(file, index, write);
    }
    return pfn;
  }

  /** Brings all of a file into memory, as readahead(2); nothing counts as used by that. */
  public long readAhead(FileObject file) {
    kernel.begin();
    if (file.fileSystem().hasDevice()) {
      kernel.pageCache().readRange(file, 0, file.sizeInPages());
    }
    return 0;
  }

  /** Writes all dirty pages back. */
  public long fsync(FileObject file) {
    kernel.begin();
    kernel.pageCache().writeBack(file, 0, Long.MAX_VALUE);
    return 0;
  }

  /** Drops all clean pages that nobody maps from memory: the file is cold. */
  public void dropCache(FileObject file) {
    kernel.begin();
    for (Long index : List.copyOf(file.pages().keySet())) {
      kernel.pageCache().evict(file, index);
    }
  }

  /**
   * Reads page {@code index} of a file and changes nothing.
   *
   * @param page gets the 4096 bytes
   * @return whether the file has that page
   */
  public boolean peek(FileObject file, long index, byte[] page) {
    return Peek.file(kernel, file, index, page);
  }
}
