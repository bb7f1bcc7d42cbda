package dev.pagewalk.kernel;

/**
 * Read-ahead of a file that has a device, as mm/readahead.c and filemap_fault() do it: a window
 * that starts small at the beginning of a file or of a sequential stream, grows by four or two to
 * its largest size, and moves on when the reader gets to a page that is marked. Random reads bring
 * what was asked for. A fault reads around the page instead, until too many faults have missed.
 *
 * <p>MODEL: there is one state for each file, as if it were opened once.
 *
 * <p>MODEL: a device takes no larger requests than the largest window.
 *
 * <p>MODEL: the pages of files are single; Linux reads larger folios as the window grows.
 */
final class FileReadAhead {
  /** Misses of faults, less hits, after which nothing is read around: MMAP_LOTSAMISS. */
  private static final int MANY_MISSES = 100;

  /** Where a window that follows another ends, if the largest one has such a size. */
  private static final long ALIGNED = 4;

  private static final long NOTHING = -1;

  private final FileObject file;
  private final PageCache cache;
  private final Prefetch prefetch;

  /** The window: its first page, its pages, and how many of them are behind the marked one. */
  private long start;

  private long size;
  private long asyncSize;

  /** Where the last read() ended, in bytes; -1 before the first. */
  private long previousEnd = -1;

  private int misses;

  /** The page that was missing and has been read already; or NOTHING. */
  private long wanted;

  /** The end of what was asked for: pages from here on are not needed yet. */
  private long wantedEnd;

  FileReadAhead(FileObject file, PageCache cache, Prefetch prefetch) {
    this.file = file;
    this.cache = cache;
    this.prefetch = prefetch;
  }

  private long most() {
    return prefetch.readAheadPages();
  }

  // --- faults ---

  /** A fault missed page {@code index}, which has been read since: do_sync_mmap_readahead(). */
  void faultMissed(Vma vma, long index) {
    wanted = index;
    wantedEnd = index + 1;
    boolean exec = vma.has(VmFlag.EXEC);
    if ((vma.has(VmFlag.RAND_READ) && !exec) || most() == 0) {
      return;
    }
    if (vma.has(VmFlag.SEQ_READ)) {
      sync(index, most());
      return;
    }
    misses = Math.min(misses + 1, 10 * MANY_MISSES);
    if (misses > MANY_MISSES) {
      return;
    }
    if (exec) {
      start = index;
      size = Math.min(index + most(), vma.pgoff + vma.pages()) - index;
      asyncSize = 0;
    } else {
      start = Math.max(0, index - most() / 2);
      size = most();
      asyncSize = most() / 4;
    }
    window();
  }

  /** A fault found page {@code index}: do_async_mmap_readahead(). */
  void faultFound(Vma vma, long index) {
    if (vma.has(VmFlag.RAND_READ) || most() == 0) {
      return;
    }
    misses = Math.max(0, misses - 1);
    if (cache.takeMark(file, index)) {
      marked(index, most());
    }
  }

  /** Fault-around found so many pages. */
  void foundAround(int pages) {
    misses = Math.max(0, misses - pages);
  }

  // --- read() ---

  /** read() missed page {@code index}, which has been read since, and wants {@code count}. */
  void readMissed(long index, long count) {
    wanted = index;
    wantedEnd = index + count;
    if (most() > 0) {
      sync(index, count);
    } else {
      pages(index, count, 0);
    }
  }

  /** read() finds page {@code index}, and wants {@code count} from there. */
  void readFound(long index, long count) {
    if (most() > 0 && cache.takeMark(file, index)) {
      marked(index, count);
    }
  }

  /** read() has ended at this byte. */
  void readTo(long end) {
    previousEnd = end;
  }

  // --- the window ---

  /** As page_cache_sync_ra(). */
  private void sync(long index, long count) {
    long most = most();
    boolean follows = Long.compareUnsigned(index - (previousEnd >>> 12), 1) <= 0;
    if (index == 0 || count > most || follows) {
      start = index;
      size = firstSize(count, most);
      asyncSize = size > count ? size - count : size >> 1;
      window();
      return;
    }
    long before = pagesBefore(index, most);
    if (before <= count) {
      pages(index, count, 0);
      return;
    }
    // Cached from the beginning of the file: a long stream.
    long seen = before == index ? 2 * before : before;
    start = index;
    size = Math.min(seen + count, most);
    asyncSize = 1;
    window();
  }

  /** As page_cache_async_ra(): the reader is at a marked page. */
  private void marked(long index, long count) {
    wanted = NOTHING;
    wantedEnd = 0;
    long most = most();
    if (index == start + size - asyncSize) {
      start += size;
      size = Math.max(size, nextSize(size, most));
    } else {
      long next = index + 1;
      while (next - index <= most && file.isCached(next)) {
        next++;
      }
      if (next - index > most) {
        return;
      }
      start = next;
      size = nextSize(next - index + count, most);
    }
    long aligned = (start + size) & -Math.min(ALIGNED, Long.lowestOneBit(most));
    if (aligned > start) {
      size = aligned - start;
    }
    asyncSize = size;
    window();
  }

  /** As page_cache_prev_miss(): how many pages right before {@code index} are in memory. */
  private long pagesBefore(long index, long most) {
    long at = index;
    while (at > 0 && index - at < most && file.isCached(at - 1)) {
      at--;
    }
    return index - at;
  }

  /** As get_init_ra_size(). */
  private static long firstSize(long count, long most) {
    long size = count <= 1 ? 1 : Long.highestOneBit(2 * count - 1);
    if (size <= most / 32) {
      return 4 * size;
    }
    return size <= most / 4 ? 2 * size : most;
  }

  /** As get_next_ra_size(). */
  private static long nextSize(long size, long most) {
    if (size < most / 16) {
      return 4 * size;
    }
    return size <= most / 2 ? 2 * size : most;
  }

  /** As page_cache_ra_order(): the mark's place does not depend on where the file ends. */
  private void window() {
    long end = Math.min(start + size, file.sizeInPages());
    long mark = asyncSize == 0 ? NOTHING : start + size - asyncSize;
    for (long index = start; index < end; index++) {
      if (index != wanted && file.isCached(index)) {
        pages(index, start + size - index, asyncSize);
        return;
      }
      if (!page(index, mark, end)) {
        return;
      }
    }
  }

  /**
   * As do_page_cache_ra(): reads what is missing up to the end of the file.
   *
   * @param behind how many pages are behind the one that gets the mark; 0: none gets it
   */
  private void pages(long first, long count, long behind) {
    long end = Math.min(first + count, file.sizeInPages());
    long mark = behind == 0 || behind > end - first ? NOTHING : end - behind;
    for (long index = first; index < end; index++) {
      boolean isNew = index == wanted || !file.isCached(index);
      if (isNew && !page(index, mark, end)) {
        return;
      }
    }
  }

  private boolean isWanted(long index) {
    return index >= wanted && index < wantedEnd;
  }

  /** Reads a page, if that is not done yet; false if nothing more is to be read. */
  private boolean page(long index, long mark, long end) {
    if (index != wanted && !cache.readAlong(file, index, isWanted(index))) {
      prefetch.wishMore(end - index - 1);
      return false;
    }
    if (index == mark) {
      cache.mark(file, index);
    }
    return true;
  }
}
