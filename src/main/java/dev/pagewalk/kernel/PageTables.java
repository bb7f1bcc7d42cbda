package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;

/**
 * The page tables of one address space: entries in physical memory, and how many frames they fill.
 *
 * <p>Levels are counted from the leaf: 1 is the page table (PTE), 2 the page directory (PMD), 3
 * PUD, 4 PGD or, with five levels, P4D. An entry is known by its physical address.
 */
final class PageTables {
  static final long PAGE_BYTES = 4096;
  static final long HUGE_BYTES = 2L << 20;
  static final int HUGE_ORDER = 9;
  static final int HUGE_PAGES = 1 << HUGE_ORDER;
  static final int PTE = 1;
  static final int PMD = 2;
  static final int PUD = 3;

  /**
   * Where user addresses end: TASK_SIZE_MAX with four levels, a page below the canonical hole.
   *
   * <p>MODEL: with five levels a process has no more; Linux gives it to those who ask above this.
   */
  static final long USER_END = 0x7fff_ffff_f000L;

  /** No such entry. */
  static final long NONE = -1;

  private static final int INDEX_BITS = 9;

  /** What the processor may set in an entry of the kernel's. */
  private static final long BOTH = Pte.ACCESSED | Pte.DIRTY;

  private final Folios folios;
  private final PhysicalMemory memory;
  private final int top;
  private final long root;
  private final boolean isolated;
  private long tables;
  private boolean gone;

  private PageTables(Folios folios, KernelHalf half, long rootFrame) {
    this.folios = folios;
    this.memory = folios.memory();
    this.top = half.levels();
    this.isolated = half.isIsolated();
    this.root = rootFrame << 12;
  }

  /**
   * Tables in which the user half is empty; null if there is no frame for the root.
   *
   * <p>With isolation the top level has two frames in a row: the kernel's, and the one for user
   * mode, which has the user half alone.
   */
  static PageTables create(Folios folios, KernelHalf half) {
    long frame = half.isIsolated() ? folios.allocateKernelZeroed(1) : folios.allocateTable();
    if (frame == Folios.NONE) {
      return null;
    }
    if (half.isIsolated()) {
      folios.frames().set(frame, FrameTable.TABLE);
      folios.frames().set(frame + 1, FrameTable.TABLE);
    }
    half.install(frame << 12);
    return new PageTables(folios, half, frame);
  }

  /** Physical address of the top-level table. */
  long root() {
    return root;
  }

  /** Physical address of the top-level table that user mode runs on. */
  long userRoot() {
    return isolated ? root + PAGE_BYTES : root;
  }

  /** Frames filled by tables below the top level, those in reserve behind huge pages included. */
  long count() {
    return tables;
  }

  static long pageOf(long address) {
    return address & -PAGE_BYTES;
  }

  static long hugePageOf(long address) {
    return address & -HUGE_BYTES;
  }

  /** The first address after {@code address} at which an entry of {@code level} begins. */
  static long nextAt(long address, int level) {
    long span = 1L << shift(level);
    return (address & -span) + span;
  }

  static int shift(int level) {
    return 12 + INDEX_BITS * (level - 1);
  }

  /** The entry of {@code level} for {@code address}, or NONE where there is no such table. */
  long find(long address, int level) {
    long table = root;
    for (int at = top; at > level; at--) {
      long entry = memory.read64(slot(table, address, at));
      if (!isTable(entry)) {
        return NONE;
      }
      table = Entry.table(entry);
    }
    return slot(table, address, level);
  }

  /** As {@link #find}, with missing tables made; NONE if there is no memory for them. */
  long make(long address, int level) {
    long table = root;
    for (int at = top; at > level; at--) {
      long slot = slot(table, address, at);
      long entry = memory.read64(slot);
      if (!isTable(entry)) {
        if (!Pte.isNone(entry)) {
          throw new IllegalStateException("a page lies where a table is asked for");
        }
        long frame = folios.allocateTable();
        if (frame == Folios.NONE) {
          return NONE;
        }
        tables++;
        entry = frame << 12 | Pte.TABLE;
        link(slot, at, entry);
      }
      table = Entry.table(entry);
    }
    return slot(table, address, level);
  }

  /**
   * Writes the entry of a table. One of the top level goes into both roots, as
   * pti_set_user_pgtbl(): the kernel cannot execute what belongs to the user.
   */
  private void link(long slot, int level, long entry) {
    if (isolated && level == top) {
      memory.write64(slot + PAGE_BYTES, entry);
      memory.write64(slot, entry == 0 ? 0 : entry | Pte.NX);
    } else {
      memory.write64(slot, entry);
    }
  }

  long read(long slot) {
    return memory.read64(slot);
  }

  void write(long slot, long entry) {
    memory.write64(slot, entry);
  }

  /** Reads {@code count} entries from {@code slot} on, all of one table. */
  void read(long slot, long[] entries, int count) {
    memory.readWords(slot, entries, count);
  }

  /** Writes {@code count} entries from {@code slot} on, all of one table. */
  void write(long slot, long[] entries, int count) {
    memory.writeWords(slot, entries, count);
  }

  /** Takes an entry away and returns what the processor had made of it. */
  long take(long slot) {
    return exchange(slot, 0);
  }

  /** Replaces an entry and returns what was there; an A or D set meanwhile is in what returns. */
  long exchange(long slot, long entry) {
    long old = memory.read64(slot);
    while (!replace(slot, old, entry)) {
      old = memory.read64(slot);
    }
    return old;
  }

  /** Sets A, and D for a write, in a present entry as a walk does; returns the entry. */
  long touch(long slot, boolean write) {
    while (true) {
      long old = memory.read64(slot);
      long touched = Pte.young(write ? Pte.dirty(old) : old);
      if (old == touched || replace(slot, old, touched)) {
        return touched;
      }
    }
  }

  /** Takes the write right from an entry that was {@code seen}; returns the entry as it is then. */
  long protect(long slot, long seen) {
    long old = seen;
    while (!replace(slot, old, Pte.readOnly(old))) {
      old = memory.read64(slot);
    }
    return Pte.readOnly(old);
  }

  /** Clears the accessed bit of an entry; whether it was set. */
  boolean testAndClearAccessed(long slot) {
    long old = memory.read64(slot);
    while (Pte.isYoung(old) && !memory.compareAndSet(slot, old, Pte.old(old))) {
      old = memory.read64(slot);
    }
    return Pte.isYoung(old);
  }

  /** Makes an entry clean; whether it was dirty. */
  boolean testAndClean(long slot) {
    long old = memory.read64(slot);
    while (Pte.isDirty(old) && !memory.compareAndSet(slot, old, Pte.clean(old))) {
      old = memory.read64(slot);
    }
    return Pte.isDirty(old);
  }

  /** Whether all entries are present and the processor can change none: they have A and D. */
  static boolean areSettled(long[] entries, int count) {
    long all = -1;
    for (int i = 0; i < count; i++) {
      all &= entries[i];
    }
    long settled = BOTH | Pte.PRESENT;
    return (all & settled) == settled;
  }

  /**
   * Writes an entry if it is still {@code old}; false if the processor has set A or D meanwhile.
   */
  private boolean replace(long slot, long old, long entry) {
    if ((old & BOTH) == BOTH) {
      // It sets nothing else, so that nothing can come between.
      memory.write64(slot, entry);
      return true;
    }
    return memory.compareAndSet(slot, old, entry);
  }

  /** Whether {@code entry} of a level above the leaf references a table. */
  static boolean isTable(long entry) {
    return (entry & (Pte.PRESENT | Pte.HUGE)) == Pte.PRESENT;
  }

  // --- tables kept in reserve behind huge pages ---

  /** Allocates a table to keep behind a huge page; NONE if there is no memory. */
  long allocateReserve() {
    long frame = folios.allocateTable();
    if (frame != Folios.NONE) {
      tables++;
    }
    return frame;
  }

  /**
   * Keeps the table {@code frame} behind the huge page of the PMD entry at {@code slot}.
   *
   * <p>They are a list through the records of frames: the page directory's names the first of them,
   * each names the next; 0 ends it, and numbers are one more than the frame's.
   */
  void deposit(long slot, long frame) {
    FrameTable frames = folios.frames();
    long directory = slot >>> 12;
    frames.setIndex(frame, frames.index(directory));
    frames.setIndex(directory, frame + 1);
  }

  /** Takes a table from behind a huge page of that page directory. */
  long withdraw(long slot) {
    FrameTable frames = folios.frames();
    long directory = slot >>> 12;
    long frame = frames.index(directory) - 1;
    if (frame < 0) {
      throw new IllegalStateException("no table is kept behind a huge page");
    }
    frames.setIndex(directory, frames.index(frame));
    frames.setIndex(frame, 0);
    return frame;
  }

  /** Gives back a table that was never linked, or is no more. */
  void release(long frame) {
    tables--;
    folios.put(frame);
  }

  // --- freeing ---

  /**
   * Frees the tables that served {@code [start, end)} alone.
   *
   * @param floor end of the mapping before, which may share a table
   * @param ceiling start of the mapping after
   */
  void free(Span span, long floor, long ceiling, FlushToken token) {
    Freeing freeing = new Freeing(span, floor, ceiling);
    freeWithin(root, top, 0, freeing);
    if (freeing.freed > 0) {
      token.tables(span.mm(), span.start(), span.end());
      for (int i = 0; i < freeing.freed; i++) {
        token.putLater(freeing.frames[i]);
      }
      tables -= freeing.freed;
    }
  }

  /** Frees the page table of one PMD entry whose entries are all none. */
  void freeEmpty(AddressSpace mm, long address, FlushToken token) {
    long slot = find(address, PMD);
    long table = Entry.table(read(slot));
    write(slot, 0);
    long start = hugePageOf(address);
    token.tables(mm, start, start + HUGE_BYTES);
    token.putLater(table >>> 12);
    tables--;
  }

  /** Whether the table of PTEs at {@code slot}'s frame holds nothing. */
  boolean isEmptyTable(long slot) {
    long table = slot & -PAGE_BYTES;
    for (long at = table; at < table + PAGE_BYTES; at += Long.BYTES) {
      if (!Pte.isNone(memory.read64(at))) {
        return false;
      }
    }
    return true;
  }

  /** Gives back the top level; everything below must have gone. */
  void freeRoot(AddressSpace mm, FlushToken token) {
    if (tables != 0) {
      throw new IllegalStateException(tables + " page tables are left");
    }
    token.tables(mm, 0, USER_END);
    token.putLater(root >>> 12);
    gone = true;
  }

  /** Whether the top level was given back: the process has ended. */
  boolean isGone() {
    return gone;
  }

  private static final class Freeing {
    final Span span;
    final long floor;
    final long ceiling;
    long[] frames = new long[4];
    int freed;

    Freeing(Span span, long floor, long ceiling) {
      this.span = span;
      this.floor = floor;
      this.ceiling = ceiling;
    }

    void add(long frame) {
      if (freed == frames.length) {
        frames = Arrays.copyOf(frames, 2 * freed);
      }
      frames[freed++] = frame;
    }
  }

  private void freeWithin(long table, int level, long tableStart, Freeing freeing) {
    long step = 1L << shift(level);
    long first = Math.max(tableStart, freeing.span.start() & -step);
    long last = Math.min(tableStart + (step << INDEX_BITS), freeing.span.end());
    for (long address = first; address < last; address += step) {
      long slot = slot(table, address, level);
      long entry = memory.read64(slot);
      if (!isTable(entry)) {
        continue;
      }
      if (level > PMD) {
        freeWithin(Entry.table(entry), level - 1, address, freeing);
      }
      if (address >= freeing.floor && address + step <= freeing.ceiling) {
        link(slot, level, 0);
        freeing.add(Entry.table(entry) >>> 12);
      }
    }
  }

  static long slot(long table, long address, int level) {
    return table + (address >>> shift(level) & (1 << INDEX_BITS) - 1) * Long.BYTES;
  }
}
