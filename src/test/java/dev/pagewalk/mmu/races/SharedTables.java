package dev.pagewalk.mmu.races;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of four levels for a few regions of 2 MiB with a few pages each.
 *
 * <p>The PDE of a region references one of two page tables, or maps a page of 2 MiB, or is not
 * present, as its version says. An address that is reached tells where it comes from: the version
 * of the entry that maps it, whose region and page it is, and which page table it was in.
 */
final class SharedTables {
  /** Regions of 2 MiB. */
  static final int REGIONS = 2;

  /** Pages of 4 KiB that are used in each region. */
  static final int PAGES = 3;

  /** What a PDE is. */
  enum Kind {
    TABLE_0,
    TABLE_1,
    LARGE,
    ABSENT
  }

  private static final long ROOT = 0x1000;
  private static final long PDPT = 0x2000;
  private static final long PD = 0x3000;
  private static final long FIRST_PT = 0x4000;

  /** Bytes of memory that the tables take. */
  static final long BYTES = 0x1_0000;

  /** Tells entries that map pages, for the tests: an ignored bit. */
  private static final long LEAF = 1L << 9;

  private static final long OPEN = Entry.P | Entry.RW | Entry.US;
  private static final int VERSION_SHIFT = 52;
  private static final long VERSION_BITS = 0x7f;

  private static final long LARGE_PAGE = 1L << 51;
  private static final int REGION_SHIFT = 49;
  private static final int TABLE_SHIFT = 48;
  private static final int PAGE_SHIFT = 42;
  private static final int PIECE_SHIFT = 12;
  private static final long PIECE_VERSION = (1L << (PAGE_SHIFT - PIECE_SHIFT)) - 1;
  private static final long LARGE_VERSION = (1L << 24) - 1;

  private static final Kind[] KINDS = {
    Kind.TABLE_0,
    Kind.TABLE_1,
    Kind.TABLE_0,
    Kind.LARGE,
    Kind.ABSENT,
    Kind.TABLE_1,
    Kind.TABLE_0,
    Kind.LARGE
  };

  private final List<VersionedEntry> all = new ArrayList<>();
  private final VersionedEntry pml4e;
  private final VersionedEntry pdpte;
  private final VersionedEntry[] pdes = new VersionedEntry[REGIONS];
  private final VersionedEntry[][][] ptes = new VersionedEntry[REGIONS][2][PAGES];

  SharedTables(PhysicalMemory memory) {
    pml4e = add(new VersionedEntry(memory, ROOT, n -> OPEN | PDPT | count(n)));
    pdpte = add(new VersionedEntry(memory, PDPT, n -> OPEN | PD | count(n)));
    for (int r = 0; r < REGIONS; r++) {
      int region = r;
      pdes[r] = add(new VersionedEntry(memory, PD + 8L * r, n -> pde(region, n)));
      for (int t = 0; t < 2; t++) {
        int table = t;
        for (int p = 0; p < PAGES; p++) {
          int page = p;
          long pa = pageTable(r, t) + 8L * p;
          ptes[r][t][p] = add(new VersionedEntry(memory, pa, n -> pte(region, table, page, n)));
        }
      }
    }
  }

  private VersionedEntry add(VersionedEntry entry) {
    all.add(entry);
    return entry;
  }

  /** Registers that put the tables to use; CR0.WP and EFER.NXE are 1. */
  static Registers registers() {
    return Registers.longMode(ROOT);
  }

  /** Every entry, the root's first. */
  List<VersionedEntry> entries() {
    return all;
  }

  VersionedEntry pml4e() {
    return pml4e;
  }

  VersionedEntry pdpte() {
    return pdpte;
  }

  VersionedEntry pde(int region) {
    return pdes[region];
  }

  /** The PTE of a page in one of the region's two page tables. */
  VersionedEntry pte(int region, int table, int page) {
    return ptes[region][table][page];
  }

  /** Linear address of a page. */
  static long linearAddress(int region, int page) {
    return region * Level.PD.span() + page * Level.PT.span();
  }

  /** What the {@code n}th version of a PDE is. */
  static Kind kind(long n) {
    return KINDS[(int) (n & 7)];
  }

  /** R/W of the {@code n}th version of a PDE. */
  static boolean isPdeWritable(long n) {
    return (n & 7) < 6;
  }

  /** P of the {@code n}th version of a PTE. */
  static boolean isPresent(long n) {
    return n % 5 != 3;
  }

  /** R/W of the {@code n}th version of a PTE. */
  static boolean isWritable(long n) {
    return n % 3 != 2;
  }

  /** Whether {@code entry}, one of these tables', maps a page. */
  static boolean isLeaf(long entry) {
    return Entry.has(entry, LEAF);
  }

  private static long pageTable(int region, int table) {
    return FIRST_PT + (2L * region + table) * Level.TABLE_BYTES;
  }

  private static long pde(int region, long n) {
    long rights = Entry.US | (isPdeWritable(n) ? Entry.RW : 0);
    return switch (kind(n)) {
      case TABLE_0 -> Entry.P | rights | pageTable(region, 0) | count(n);
      case TABLE_1 -> Entry.P | rights | pageTable(region, 1) | count(n);
      case LARGE -> Entry.P | rights | LEAF | Entry.PS | large(region, n) | count(n);
      case ABSENT -> rights | large(region, n) | count(n);
    };
  }

  private static long pte(int region, int table, int page, long n) {
    long rights = Entry.US | (isWritable(n) ? Entry.RW : 0) | (isPresent(n) ? Entry.P : 0);
    return rights | LEAF | piece(region, table, page, n) | count(n);
  }

  private static long count(long n) {
    return (n & VERSION_BITS) << VERSION_SHIFT;
  }

  /** Physical address of the page of 2 MiB that the {@code n}th version of a PDE maps. */
  static long large(int region, long n) {
    return LARGE_PAGE | (long) region << REGION_SHIFT | (n & LARGE_VERSION) << Level.PD.shift();
  }

  /** Physical address of the page of 4 KiB that the {@code n}th version of a PTE maps. */
  static long piece(int region, int table, int page, long n) {
    return (long) region << REGION_SHIFT
        | (long) table << TABLE_SHIFT
        | (long) page << PAGE_SHIFT
        | (n & PIECE_VERSION) << PIECE_SHIFT;
  }

  /** Whether {@code physicalAddress} lies in a page of 2 MiB. */
  static boolean isLarge(long physicalAddress) {
    return (physicalAddress & LARGE_PAGE) != 0;
  }

  /** Which of the two page tables the PTE was in. */
  static int table(long physicalAddress) {
    return (int) (physicalAddress >>> TABLE_SHIFT) & 1;
  }

  /** The version of the entry that maps the page. */
  static long version(long physicalAddress) {
    return isLarge(physicalAddress)
        ? (physicalAddress >>> Level.PD.shift()) & LARGE_VERSION
        : (physicalAddress >>> PIECE_SHIFT) & PIECE_VERSION;
  }
}
