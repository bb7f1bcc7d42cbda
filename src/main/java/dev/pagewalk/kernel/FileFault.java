package dev.pagewalk.kernel;

/** A touch of a file's page that has no entry, and the first store to a clean one. */
final class FileFault {
  private FileFault() {}

  /** As do_fault(): a read, a private write, or a shared write. */
  static int missing(Fault fault) {
    if (!fault.write) {
      return read(fault);
    }
    return fault.vma.has(VmFlag.SHARED) ? sharedWrite(fault) : privateWrite(fault);
  }

  /** A read, or a fetch: what is cached around it comes too. */
  private static int read(Fault fault) {
    if (mapAround(fault)) {
      return 0;
    }
    int answer = bringIn(fault);
    if ((answer & Fault.ERROR) != 0) {
      return answer;
    }
    if ((answer & (Fault.MAJOR | Fault.WAITED)) == 0 || !mapAround(fault)) {
      if (!hasTable(fault)) {
        return answer | Fault.OOM;
      }
      map(fault, fault.address, fault.slot, PageCache.find(fault.vma.file, fault.pgoff()));
    }
    return answer;
  }

  /** Makes the page table if there is none yet. */
  private static boolean hasTable(Fault fault) {
    return fault.slot != PageTables.NONE || fault.makeEntry();
  }

  /** A write to a private mapping: a copy at once. */
  private static int privateWrite(Fault fault) {
    fault.kernel().reverseMap().prepare(fault.vma);
    int answer = bringIn(fault);
    if ((answer & Fault.ERROR) != 0) {
      return answer;
    }
    if (!hasTable(fault)) {
      return answer | Fault.OOM;
    }
    Folios folios = fault.folios();
    fault.want();
    long page = PageCache.find(fault.vma.file, fault.pgoff());
    long copy = folios.allocateCopy(page, fault.vma, fault.address);
    if (copy == Folios.NONE) {
      return answer | Fault.OOM;
    }
    folios.addNewAnon(copy, fault.vma, fault.address);
    fault.set(fault.maybeWritable(Pte.dirty(fault.newEntry(copy))));
    return answer;
  }

  /** A write to a shared mapping: the page itself, writable and dirty. */
  private static int sharedWrite(Fault fault) {
    int answer = bringIn(fault);
    if ((answer & Fault.ERROR) != 0) {
      return answer;
    }
    if (!hasTable(fault)) {
      return answer | Fault.OOM;
    }
    Folios folios = fault.folios();
    long pfn = PageCache.find(fault.vma.file, fault.pgoff());
    folios.get(pfn);
    folios.addMapping(pfn);
    folios.set(pfn, FrameTable.DIRTY);
    fault.set(fault.maybeWritable(Pte.dirty(fault.newEntry(pfn))));
    return answer;
  }

  /** A store to a shared page that is there and read-only: the file system is told. */
  static int firstStore(Fault fault, long pfn) {
    fault.folios().set(pfn, FrameTable.DIRTY);
    fault.set(fault.maybeWritable(Pte.dirty(Pte.young(fault.entry))));
    return 0;
  }

  /**
   * Brings the page into the cache: SIGBUS behind the end of the file, MAJOR if it was read, WAITED
   * alone if it was there without its contents.
   */
  private static int bringIn(Fault fault) {
    FileObject file = fault.vma.file;
    long index = fault.pgoff();
    if (index >= file.sizeInPages()) {
      return Fault.SIGBUS;
    }
    if (file.isCached(index)) {
      fault.used(PageCache.find(file, index), true);
      if (file.fileSystem().hasDevice()) {
        fault.kernel().pageCache().ahead(file).faultFound(fault.vma, index);
      }
      return fault.kernel().pageCache().complete(file, index) ? 0 : Fault.WAITED;
    }
    boolean major = file.fileSystem().hasDevice() || PageCache.isSwapped(file, index);
    long pfn = fault.kernel().pageCache().readForFault(fault.vma, index);
    if (pfn == Folios.NONE) {
      return fault.kernel().pageCache().deviceFailed() ? Fault.SIGBUS : Fault.OOM;
    }
    boolean waited = file.fileSystem().hasDevice();
    return (major ? Fault.MAJOR : 0) | (waited ? Fault.WAITED : 0);
  }

  /**
   * Maps the cached pages of the window around the address, as do_fault_around().
   *
   * <p>The window is aligned, and cut to the VMA and to the page table; if the VMA begins inside of
   * it, it begins there and keeps its size.
   *
   * @return whether the page of the address itself was among them
   */
  private static boolean mapAround(Fault fault) {
    Vma vma = fault.vma;
    FileObject file = vma.file;
    long pages = fault.kernel().options().faultAroundBytes() >>> 12;
    if (pages <= 1) {
      return false;
    }
    long tableStart = PageTables.hugePageOf(fault.address);
    long aligned = fault.address & -(pages << 12);
    long from = Math.max(aligned, Math.max(tableStart, vma.start));
    long to = Math.min(from + (pages << 12), Math.min(tableStart + PageTables.HUGE_BYTES, vma.end));
    boolean found = false;
    int cached = 0;
    for (long address = from; address < to; address += PageTables.PAGE_BYTES) {
      long index = vma.pgoffOf(address);
      long pfn = index < file.sizeInPages() ? PageCache.find(file, index) : Folios.NONE;
      if (pfn == Folios.NONE
          || fault.folios().has(pfn, FrameTable.READAHEAD)
          || !fault.folios().has(pfn, FrameTable.UPTODATE)) {
        continue;
      }
      if (stopsAtEnd(fault, index) || !hasTable(fault)) {
        return false;
      }
      cached++;
      long slot = fault.slot + ((address - fault.address) >> 12) * Long.BYTES;
      if (Pte.isNone(fault.tables().read(slot))) {
        map(fault, address, slot, pfn);
        found |= address == fault.address;
      }
    }
    if (cached > 0 && file.fileSystem().hasDevice()) {
      fault.kernel().pageCache().ahead(file).foundAround(cached);
    }
    return found;
  }

  /**
   * Whether nothing is mapped around, as the page table is not there yet and the first cached page
   * is the last one of the file.
   *
   * <p>Linux 6.18 makes the table where it would map 2 MiB at once, and there it stops at the end
   * of a file, but for a TMPFS.
   */
  private static boolean stopsAtEnd(Fault fault, long first) {
    FileObject file = fault.vma.file;
    return fault.slot == PageTables.NONE
        && file.fileSystem().hasDevice()
        && first >= file.sizeInPages() - 1;
  }

  /** Makes an entry for reading; where it may be written at once, a dirty page's is dirty. */
  private static void map(Fault fault, long address, long slot, long pfn) {
    Folios folios = fault.folios();
    folios.get(pfn);
    folios.addMapping(pfn);
    fault.used(pfn, address == fault.address);
    long entry = Pte.of(pfn, fault.vma.pageProt());
    if (Pte.isWritable(entry) && folios.has(pfn, FrameTable.DIRTY)) {
      entry = Pte.dirty(entry);
    }
    fault.tables().write(slot, entry);
    if (address == fault.address) {
      fault.entry = entry;
    }
  }
}
