package dev.pagewalk.kernel;

import java.util.Arrays;
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
    if (size < 0 || !file.isWritable()) {
      return Errno.EINVAL.result();
    }
    long old = file.size();
    if (size >= old) {
      long result = size == old ? 0 : clearTail(file, size);
      return result < 0 ? result : resize(file, size);
    }
    long result = resize(file, size);
    if (result < 0) {
      return result;
    }
    long first = file.sizeInPages();
    unmap(file, first, Long.MAX_VALUE, Zap.Mode.TRUNCATE);
    long zeroed = kernel.pageCache().zero(file, size, first << 12);
    long discarded = kernel.pageCache().discard(file, first, Long.MAX_VALUE);
    return zeroed < 0 ? zeroed : discarded;
  }

  /** Sets the size on the device and in memory; 0, or why it stays. */
  private static long resize(FileObject file, long size) {
    long result = file.store() == null ? 0 : file.store().resize(size);
    if (result == 0) {
      file.setSize(size);
    }
    return result;
  }

  /** What a mapping stored behind the end, in the last page, is not part of a file that grows. */
  private long clearTail(FileObject file, long newSize) {
    long old = file.size();
    if (!file.fileSystem().hasDevice()) {
      return 0;
    }
    return kernel.pageCache().zero(file, old, Math.min(old + 0xfff & -4096L, newSize));
  }

  /** Cuts a hole: whole pages go, parts of pages become zeroes; the size stays. */
  public long punchHole(FileObject file, long offset, long length) {
    kernel.begin();
    if (!file.isWritable()) {
      return Errno.EBADF.result();
    }
    if (offset < 0 || length <= 0) {
      return Errno.EINVAL.result();
    }
    return punch(kernel, file, offset, length);
  }

  /** As {@link #punchHole}, also for advice REMOVE; what was mapped there is owed. */
  static long punch(Kernel kernel, FileObject file, long offset, long length) {
    if (file.pool() != null) {
      HugetlbPages.punch(file, offset, length, kernel.token());
      return 0;
    }
    long asked = offset + length;
    if (file.fileSystem().hasDevice() && asked > file.size()) {
      // As ext4_punch_hole(): a hole that goes behind the end takes the last page with it.
      asked = file.sizeInPages() << 12;
      if (offset >= file.size()) {
        return 0;
      }
    }
    long end = Math.min(asked, file.sizeInPages() << 12);
    long first = (offset + 0xfff) >>> 12;
    long last = end >>> 12;
    long lastAsked = asked >>> 12;
    if (lastAsked == 0) {
      // Linux takes the end, one less than 0, for unsigned: all entries from the first page on go.
      unmap(file, first, Long.MAX_VALUE, Zap.Mode.FILE_HOLE);
    } else if (first < lastAsked) {
      unmap(file, first, lastAsked, Zap.Mode.FILE_HOLE);
    }
    PageCache cache = kernel.pageCache();
    if (first > last) {
      return cache.zero(file, offset, end);
    }
    long head = cache.zero(file, offset, Math.min(first << 12, end));
    long tail = cache.zero(file, Math.max(last << 12, offset), end);
    long discarded = cache.discard(file, first, last);
    return head < 0 ? head : tail < 0 ? tail : discarded;
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
    long pagesTo = (offset + bytes.length + 0xfff) >>> 12;
    long available = Math.max(0, Math.min(bytes.length, file.size() - offset));
    int done = 0;
    while (done < available) {
      long at = offset + done;
      int count = (int) Math.min(available - done, PageTables.PAGE_BYTES - (at & 0xfff));
      if (isHoleOfTmpfs(file, at >>> 12)) {
        Arrays.fill(bytes, done, done + count, (byte) 0);
        done += count;
        continue;
      }
      long pfn = readPage(file, at >>> 12, pagesTo);
      if (pfn == Folios.NONE) {
        return done > 0 ? done : kernel.pageCache().reason().result();
      }
      kernel.memory().read((pfn << 12) + (at & 0xfff), bytes, done, count);
      // A page of a TMPFS counts as used if it is read from its beginning.
      if (file.fileSystem().hasDevice() || (at & 0xfff) == 0) {
        kernel.folios().markAccessed(pfn);
      }
      done += count;
    }
    if (done > 0 && file.fileSystem().hasDevice()) {
      kernel.pageCache().ahead(file).readTo(offset + done);
    }
    return done;
  }

  /** What was never written takes no memory when it is read, as with SGP_READ. */
  private static boolean isHoleOfTmpfs(FileObject file, long index) {
    return file.store() == null && !file.isCached(index) && !PageCache.isSwapped(file, index);
  }

  /** The frame of a page for read(), which wants the pages up to {@code end}. */
  private long readPage(FileObject file, long index, long end) {
    boolean missed = !file.isCached(index);
    long pfn = page(file, index);
    if (pfn != Folios.NONE && file.fileSystem().hasDevice()) {
      FileReadAhead ahead = kernel.pageCache().ahead(file);
      if (missed) {
        ahead.readMissed(index, end - index);
      }
      ahead.readFound(index, end - index);
      kernel.prefetch().settle();
    }
    return pfn;
  }

  /**
   * Writes bytes; the file grows if it must.
   *
   * @return how many were written
   */
  public long write(FileObject file, long offset, byte[] bytes) {
    kernel.begin();
    if (!file.isWritable()) {
      return Errno.EBADF.result();
    }
    long old = file.size();
    long end = offset + bytes.length;
    boolean grows = end > old && bytes.length > 0 && file.store() != null;
    long room = grows ? file.store().resize(end) : 0;
    if (room < 0) {
      return room;
    }
    long done = writePages(file, offset, bytes);
    if (grows && file.size() < end) {
      // What was made room for and not written is no part of the file.
      file.store().resize(file.size());
    }
    return done;
  }

  private long writePages(FileObject file, long offset, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      long at = offset + done;
      int count = (int) Math.min(bytes.length - done, PageTables.PAGE_BYTES - (at & 0xfff));
      boolean isNew = !file.isCached(at >>> 12);
      long pfn = page(file, at >>> 12);
      if (pfn == Folios.NONE) {
        return done > 0 ? done : kernel.pageCache().reason().result();
      }
      if (at > file.size()) {
        // As pagecache_isize_extended(): a write that fails has not made the file longer.
        long cleared = clearTail(file, at);
        if (cleared < 0) {
          return done > 0 ? done : cleared;
        }
      }
      kernel.memory().write((pfn << 12) + (at & 0xfff), bytes, done, count);
      kernel.folios().set(pfn, FrameTable.DIRTY);
      if (!file.fileSystem().hasDevice()) {
        markWritten(pfn, isNew);
      }
      done += count;
      file.setSize(Math.max(file.size(), at + count));
    }
    return done;
  }

  /** As shmem_get_folio_gfp() with SGP_WRITE. */
  private void markWritten(long pfn, boolean isNew) {
    if (isNew) {
      kernel.folios().set(pfn, FrameTable.REFERENCED);
    } else {
      kernel.folios().markAccessed(pfn);
    }
  }

  /** The frame of a page that is read or written; has room made for it if it must. */
  private long page(FileObject file, long index) {
    Pressure pressure = kernel.pressure();
    if (pressure != null) {
      pressure.beginPage();
    }
    PageCache cache = kernel.pageCache();
    long pfn = cache.forSystemCall(file, index);
    while (pfn == Folios.NONE && pressure != null && pressure.makeRoom()) {
      pfn = cache.forSystemCall(file, index);
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

  /** Writes all dirty pages back; EIO or ENOSPC if the device does not take one. */
  public long fsync(FileObject file) {
    kernel.begin();
    return kernel.pageCache().writeBack(file, 0, Long.MAX_VALUE);
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
