package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The pages of files that are in memory: how they come, are written back, and go. */
final class PageCache {
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;
  private final PhysicalMemory memory;

  /** A page on its way from or to a device. */
  private final byte[] buffer = new byte[(int) PageTables.PAGE_BYTES];

  private boolean deviceFailed;

  PageCache(Kernel kernel) {
    this.kernel = kernel;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.memory = folios.memory();
  }

  /** The frame of page {@code index} if it is in memory, or NONE. */
  static long find(FileObject file, long index) {
    return file.pages().getOrDefault(index, Folios.NONE);
  }

  /**
   * Brings the page of a fault in, and then its neighbours where Linux reads around.
   *
   * @return its frame, or NONE if there is no memory or the device has failed
   */
  long readForFault(Vma vma, long index) {
    FileObject file = vma.file;
    if (!file.fileSystem().hasDevice()) {
      return fill(file, index);
    }
    long pfn = readPage(file, index);
    if (pfn != Folios.NONE) {
      ahead(file).faultMissed(vma, index);
    }
    return pfn;
  }

  /** The read-ahead of a file that has a device. */
  FileReadAhead ahead(FileObject file) {
    if (file.readAhead == null) {
      file.readAhead = new FileReadAhead(file, this, kernel.prefetch());
    }
    return file.readAhead;
  }

  /**
   * Reads a page along with others, if there is room for it.
   *
   * @param wanted whether somebody has asked for it
   */
  boolean readAlong(FileObject file, long index, boolean wanted) {
    Prefetch prefetch = kernel.prefetch();
    long pfn = prefetch.mayTake() ? readPage(file, index) : Folios.NONE;
    if (pfn != Folios.NONE && !wanted) {
      prefetch.mark(pfn);
    }
    return pfn != Folios.NONE;
  }

  /** Who gets to this page has the next ones read. */
  void mark(FileObject file, long index) {
    frames.set(find(file, index), FrameTable.READAHEAD);
  }

  /** Whether the page is marked; it no longer is then. */
  boolean takeMark(FileObject file, long index) {
    long pfn = find(file, index);
    boolean marked = frames.has(pfn, FrameTable.READAHEAD);
    frames.clear(pfn, FrameTable.READAHEAD);
    return marked;
  }

  /** Reads the pages that are missing, up to the end of the file; gives up without memory. */
  void readRange(FileObject file, long first, long count) {
    long end = Math.min(first + count, file.sizeInPages());
    for (long index = first; index < end; index++) {
      if (!file.isCached(index) && readPage(file, index) == Folios.NONE) {
        return;
      }
    }
  }

  /** Reads one page from the device; NONE if there is no memory, or if the device has failed. */
  private long readPage(FileObject file, long index) {
    deviceFailed = false;
    want(file, index);
    long pfn = folios.allocate(0);
    if (pfn == Folios.NONE) {
      return Folios.NONE;
    }
    if (!file.store().read(index, buffer)) {
      deviceFailed = true;
      folios.put(pfn);
      return Folios.NONE;
    }
    memory.write(pfn << 12, buffer, 0, buffer.length);
    add(file, index, pfn);
    return pfn;
  }

  /** Whether the last page could not be had because its device has failed. */
  boolean deviceFailed() {
    return deviceFailed;
  }

  /** Why a system call did not get the last page: EIO, or ENOMEM. */
  Errno reason() {
    return deviceFailed ? Errno.EIO : Errno.ENOMEM;
  }

  /** A page of a TMPFS: from swap, or a new one of zeroes. */
  long fill(FileObject file, long index) {
    deviceFailed = false;
    want(file, index);
    Long entry = file.swapped().get(index);
    long pfn = entry == null ? folios.allocateZeroed(file, index) : kernel.swap().bringIn(entry);
    if (pfn == Folios.NONE) {
      deviceFailed = entry != null && kernel.swap().deviceFailed();
      return Folios.NONE;
    }
    if (entry != null) {
      kernel.prefetch().used(pfn);
      file.swapped().remove(index);
      kernel.swap().release(entry);
      kernel.swap().dropFromCache(pfn);
      folios.set(pfn, FrameTable.DIRTY);
    }
    add(file, index, pfn);
    return pfn;
  }

  private void want(FileObject file, long index) {
    if (folios.pressure() != null) {
      folios.pressure().want(PageNumber.ofFile(file, index));
    }
  }

  /** Whether the page of a TMPFS must come from swap. */
  static boolean isSwapped(FileObject file, long index) {
    return file.swapped().containsKey(index);
  }

  /**
   * Makes {@code pfn} page {@code index}; the reference that the caller has becomes the cache's.
   */
  private void add(FileObject file, long index, long pfn) {
    frames.set(pfn, FrameTable.PAGECACHE | FrameTable.UPTODATE | FrameTable.LRU);
    if (!file.fileSystem().hasDevice()) {
      frames.set(pfn, FrameTable.SWAPBACKED);
    }
    frames.setOwner(pfn, file.id());
    frames.setIndex(pfn, index);
    file.pages().put(index, pfn);
    if (folios.pressure() != null) {
      folios.pressure().lists().admitFile(pfn, file, index);
    }
  }

  /** Whether a page is in memory with its contents. */
  boolean isUpToDate(FileObject file, long index) {
    long pfn = find(file, index);
    return pfn != Folios.NONE && frames.has(pfn, FrameTable.UPTODATE);
  }

  /** A page in memory gets its contents; returns whether it had them. */
  boolean complete(FileObject file, long index) {
    boolean had = isUpToDate(file, index);
    frames.set(find(file, index), FrameTable.UPTODATE);
    return had;
  }

  /** The frame of page {@code index} for a system call, read or made if it must be, or NONE. */
  long forSystemCall(FileObject file, long index) {
    long pfn = find(file, index);
    if (pfn != Folios.NONE) {
      kernel.prefetch().used(pfn);
      complete(file, index);
      return pfn;
    }
    return file.fileSystem().hasDevice() ? readPage(file, index) : fill(file, index);
  }

  // --- going ---

  /** Takes a page out of memory; whoever still maps it keeps the frame. */
  void remove(FileObject file, long index) {
    long pfn = file.pages().remove(index);
    frames.clear(pfn, FrameTable.PAGECACHE | FrameTable.DIRTY);
    kernel.token().putLater(pfn);
  }

  /**
   * Takes the pages {@code first} up to {@code end} out of memory and off the device; 0, or why not
   * off the device.
   */
  long discard(FileObject file, long first, long end) {
    if (first >= end) {
      return 0;
    }
    for (Long index : List.copyOf(file.pages().subMap(first, end).keySet())) {
      remove(file, index);
    }
    Map<Long, Long> gone = file.swapped().subMap(first, end);
    gone.values().forEach(entry -> kernel.swap().release(entry));
    gone.clear();
    return file.store() == null ? 0 : file.store().discard(first, end);
  }

  /**
   * Writes zeroes over a part of a page; 0, or why not.
   *
   * <p>As ext4_block_zero_page_range(): a page that is not in memory comes there, a hole too, but
   * is not up to date: nobody takes it for read until a fault or a call asks for it.
   */
  long zero(FileObject file, long from, long to) {
    if (from >= to) {
      return 0;
    }
    long index = from >>> 12;
    boolean onDevice = file.store() != null && file.store().contains(index);
    boolean isNew = !file.isCached(index);
    if (isNew && file.store() == null && !isSwapped(file, index)) {
      return 0;
    }
    boolean upToDate = isNew ? file.store() == null : isUpToDate(file, index);
    long pfn = forSystemCall(file, index);
    if (pfn != Folios.NONE) {
      memory.fill((pfn << 12) + (from & 0xfff), to - from, 0);
      frames.set(pfn, onDevice || file.store() == null ? FrameTable.DIRTY : 0);
      frames.clear(pfn, upToDate ? 0 : FrameTable.UPTODATE);
      return 0;
    }
    if (file.store() == null || !onDevice) {
      // As shmem_undo_range(): what cannot be had from swap keeps its tail.
      return 0;
    }
    // Without memory for the page the device is written at once.
    if (!file.store().read(index, buffer)) {
      return Errno.EIO.result();
    }
    int start = (int) (from & 0xfff);
    Arrays.fill(buffer, start, start + (int) (to - from), (byte) 0);
    return file.store().write(index, buffer);
  }

  /** Drops a clean page that nobody maps; returns whether it is gone. */
  boolean evict(FileObject file, long index) {
    long pfn = find(file, index);
    if (pfn == Folios.NONE
        || frames.has(pfn, FrameTable.DIRTY)
        || folios.mapCount(pfn) > 0
        || frames.refs(pfn) > 1) {
      return false;
    }
    remove(file, index);
    return true;
  }

  // --- write-back ---

  /**
   * Writes the dirty pages {@code first} up to {@code end} back, and makes their entries clean and
   * read-only, so that the next store is seen.
   *
   * @return 0, or the first error; the pages behind it are written all the same
   */
  long writeBack(FileObject file, long first, long end) {
    long result = 0;
    if (!file.fileSystem().hasDevice()) {
      return result;
    }
    for (Map.Entry<Long, Long> page : file.pages().subMap(first, end).entrySet()) {
      long written = writeBack(file, page.getKey());
      result = result < 0 ? result : written;
    }
    return result;
  }

  /**
   * Writes a page of a file with a device back if it is dirty, in its record or in an entry; 0, or
   * why not.
   *
   * <p>MODEL: a page that could not be written stays dirty, and is written again the next time;
   * Linux tells of the error once and takes the page for clean.
   */
  long writeBack(FileObject file, long index) {
    long pfn = find(file, index);
    boolean written = clean(file, index);
    if (!frames.has(pfn, FrameTable.DIRTY) && !written) {
      return 0;
    }
    // Stores through TLBs that still think the page dirty would be lost.
    SafePoint.flush(kernel);
    frames.clear(pfn, FrameTable.DIRTY);
    zeroTail(file, index, pfn);
    memory.read(pfn << 12, buffer, 0, buffer.length);
    long result = file.store().write(index, buffer);
    if (result < 0) {
      frames.set(pfn, FrameTable.DIRTY);
    } else {
      folios.stat().count(VmEvent.NR_WRITTEN);
    }
    return result;
  }

  /** What was stored behind the end of the file is gone once its last page is written back. */
  private void zeroTail(FileObject file, long index, long pfn) {
    long bytes = file.size() - (index << 12);
    if (bytes >= 0 && bytes < PageTables.PAGE_BYTES) {
      memory.fill((pfn << 12) + bytes, PageTables.PAGE_BYTES - bytes, 0);
    }
  }

  /** Makes all entries that map a page clean and read-only; returns whether one was dirty. */
  private boolean clean(FileObject file, long index) {
    boolean dirty = false;
    for (Vma vma : file.mappings()) {
      long address = vma.addressOf(index);
      if (vma.has(VmFlag.SHARED) && vma.contains(address)) {
        dirty |= clean(vma, address);
      }
    }
    return dirty;
  }

  private static boolean clean(Vma vma, long address) {
    PageTables tables = vma.mm.tables();
    long slot = tables.find(address, PageTables.PTE);
    long entry = slot == PageTables.NONE ? 0 : tables.read(slot);
    if (!Pte.isPresent(entry) || (!Pte.isDirty(entry) && !Pte.isWritable(entry))) {
      return false;
    }
    entry = tables.take(slot);
    tables.write(slot, Pte.clean(Pte.readOnly(entry)));
    vma.mm.token().page(vma.mm, address);
    return Pte.isDirty(entry);
  }
}
