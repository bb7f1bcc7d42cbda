package dev.pagewalk.kernel;

/** One fault on its way through the handler: where, what kind, and the entry it found. */
final class Fault {
  /** Bits of what a handler answers; none set: resolved, minor. */
  static final int OOM = 1;

  static final int SIGBUS = 2;
  static final int MAJOR = 4;
  static final int SIGSEGV = 0x40;

  /** The page was waited for, and the fault is made again, whoever makes it. */
  static final int WAITED = 0x400;

  static final int ERROR = OOM | SIGBUS | SIGSEGV;

  /** The huge page cannot be had: go on with small ones. */
  static final int FALLBACK = 0x800;

  Vma vma;

  /** The page's address. */
  long address;

  boolean write;

  /** Physical address of the entry. */
  long slot;

  /** The entry as it was found. */
  long entry;

  /** The swap entry that was read, past the swap cache not counted; 0 if none was. */
  long slotRead;

  /** Whether its page was brought in before, and this is its first use. */
  boolean firstUse;

  Kernel kernel() {
    return vma.mm.kernel();
  }

  Folios folios() {
    return vma.mm.kernel().folios();
  }

  PageTables tables() {
    return vma.mm.tables();
  }

  FlushToken token() {
    return vma.mm.token();
  }

  long pgoff() {
    return vma.pgoffOf(address);
  }

  /** The page in a frame is used; if it is the fault's own, that is remembered. */
  void used(long pfn, boolean own) {
    firstUse |= own && folios().has(pfn, FrameTable.PREFETCHED);
    kernel().prefetch().used(pfn);
  }

  /** What is allocated next is for the anonymous page at the address. */
  void want() {
    Pressure pressure = kernel().pressure();
    if (pressure != null) {
      pressure.want(PageNumber.ofAnonymous(vma.mm, address));
    }
  }

  /** Finds the entry, making tables on the way; false if there is no memory for them. */
  boolean makeEntry() {
    slot = tables().make(address, PageTables.PTE);
    if (slot == PageTables.NONE) {
      return false;
    }
    entry = tables().read(slot);
    return true;
  }

  void set(long value) {
    tables().write(slot, value);
    entry = value;
  }

  /** A new entry, clean; read-only where the first store is to be seen, as in private memory. */
  long newEntry(long pfn) {
    return Pte.of(pfn, vma.pageProt());
  }

  /** {@code value} writable if the VMA may be written. */
  long maybeWritable(long value) {
    return vma.has(VmFlag.WRITE) ? Pte.writable(value) : value;
  }
}
