package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.physmem.Region;

/**
 * The upper half of the linear addresses, which all address spaces share: entries 256 to 511 of
 * each top-level table.
 *
 * <p>It holds the direct map: all physical memory from {@link #directMap} on, by pages as large as
 * fit, supervisor-only, writable, not executable, and global unless tables are isolated. It is made
 * at boot and never changes.
 *
 * <p>MODEL: there is no kernel image, no vmalloc and no vmemmap area.
 */
final class KernelHalf {
  /** Where the direct map begins with four levels: page_offset_base. */
  private static final long BASE_OF_FOUR = 0xffff_8880_0000_0000L;

  private static final long BASE_OF_FIVE = 0xff11_0000_0000_0000L;

  /** Bits of physical addresses that the direct map has room for. */
  private static final int BITS_OF_FOUR = 46;

  private static final int BITS_OF_FIVE = 52;

  private static final int FIRST = 256;
  private static final int ENTRIES = 512;
  private static final long TABLE = Entry.P | Entry.RW | Entry.A | Entry.D;
  private static final long LEAF = TABLE | Entry.XD;

  private final Folios folios;
  private final PhysicalMemory memory;
  private final KernelOptions options;
  private final long root;
  private long tables;

  /**
   * Makes the direct map.
   *
   * @throws IllegalArgumentException if there is no memory for its tables
   */
  KernelHalf(Folios folios, KernelOptions options) {
    this.folios = folios;
    this.memory = folios.memory();
    this.options = options;
    this.root = allocate();
    for (Region region : memory.regions()) {
      map(region.start() & -PageTables.PAGE_BYTES, Math.min(region.end(), 1L << bits()));
    }
  }

  /** The linear address of physical address 0. */
  long directMap() {
    return options.levels() == 5 ? BASE_OF_FIVE : BASE_OF_FOUR;
  }

  /** Frames of its tables, the kernel's own top level among them. */
  long tables() {
    return tables;
  }

  int levels() {
    return options.levels();
  }

  /** Whether user mode has tables without this half. */
  boolean isIsolated() {
    return options.isolation();
  }

  /** Gives the top-level table at {@code table} this half. */
  void install(long table) {
    for (int i = FIRST; i < ENTRIES; i++) {
      long entry = memory.read64(root + (long) i * Long.BYTES);
      if (entry != 0) {
        memory.write64(table + (long) i * Long.BYTES, entry);
      }
    }
  }

  private int bits() {
    return options.levels() == 5 ? BITS_OF_FIVE : BITS_OF_FOUR;
  }

  private void map(long start, long end) {
    long global = options.isolation() ? 0 : Entry.G;
    long pa = start;
    while (pa < end) {
      int level = PageTables.PTE;
      for (int larger = PageTables.PMD; larger <= largest(); larger++) {
        long bytes = 1L << PageTables.shift(larger);
        level = (pa & (bytes - 1)) == 0 && pa + bytes <= end ? larger : level;
      }
      long size = level == PageTables.PTE ? 0 : Entry.PS;
      memory.write64(slot(directMap() + pa, level), pa | LEAF | global | size);
      pa += 1L << PageTables.shift(level);
    }
  }

  private int largest() {
    return options.gigabytePages() ? PageTables.PUD : PageTables.PMD;
  }

  /** The entry of {@code level} for {@code address}, with the tables above it made. */
  private long slot(long address, int level) {
    long table = root;
    for (int at = options.levels(); at > level; at--) {
      long slot = PageTables.slot(table, address, at);
      long entry = memory.read64(slot);
      if (entry == 0) {
        entry = allocate() | TABLE;
        memory.write64(slot, entry);
      }
      table = Entry.table(entry);
    }
    return PageTables.slot(table, address, level);
  }

  private long allocate() {
    long pfn = folios.allocateTable();
    if (pfn == Folios.NONE) {
      throw new IllegalArgumentException("no memory for the kernel's page tables");
    }
    folios.frames().set(pfn, FrameTable.RESERVED);
    tables++;
    return pfn << 12;
  }
}
