package dev.pagewalk.arch;

/**
 * Named bits of paging-structure entries, as masks over the 64-bit word, and functions to read
 * them.
 *
 * <p>Which of them mean something depends on the {@link EntryKind}: bit 7 is PS in a PDPTE or PDE,
 * PAT in a PTE, and reserved in a PML4E. Source: SDM 3A "4-Level Paging and 5-Level Paging", tables
 * "Format of a PML5 Entry" to "Format of a Page-Table Entry that Maps a 4-KByte Page".
 */
public final class Entry {
  /** Present: the entry may be used for translation. */
  public static final long P = 1L;

  /** Read/write: writes may be allowed to the region that the entry controls. */
  public static final long RW = 1L << 1;

  /** User/supervisor: user-mode accesses are allowed to the region that the entry controls. */
  public static final long US = 1L << 2;

  /** Page-level write-through: with PCD and PAT selects the memory type. */
  public static final long PWT = 1L << 3;

  /** Page-level cache disable: with PWT and PAT selects the memory type. */
  public static final long PCD = 1L << 4;

  /** Accessed: software has used the entry for a translation. */
  public static final long A = 1L << 5;

  /** Dirty, in an entry that maps a page: software has written to the page. */
  public static final long D = 1L << 6;

  /** Page size, in a PDPTE or PDE: 1 if the entry maps a page, 0 if it references a table. */
  public static final long PS = 1L << 7;

  /** PAT in a PTE (bit 7): with PCD and PWT selects the memory type. */
  public static final long PAT_4K = 1L << 7;

  /** Global, in an entry that maps a page and if {@code CR4.PGE = 1}: survives a load of CR3. */
  public static final long G = 1L << 8;

  /** Restart, for HLAT paging only; ignored by ordinary paging. */
  public static final long R = 1L << 11;

  /** PAT in an entry that maps a 2 MiB or 1 GiB page (bit 12). */
  public static final long PAT_LARGE = 1L << 12;

  /** Bit index of the lowest bit of the protection key. */
  public static final int KEY_SHIFT = 59;

  /** Protection key, in an entry that maps a page: four bits, 62:59. */
  public static final long KEY = 0xfL << KEY_SHIFT;

  /** Execute-disable: no instruction fetches from the region; reserved while EFER.NXE = 0. */
  public static final long XD = 1L << 63;

  /** Bits 51:12, where the physical address of a table or 4 KiB page stands. */
  public static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  private Entry() {}

  /** Whether all of {@code bits} are set in {@code entry}. */
  public static boolean has(long entry, long bits) {
    return (entry & bits) == bits;
  }

  /** The protection key of an entry that maps a page, 0 to 15. */
  public static int key(long entry) {
    return (int) ((entry & KEY) >>> KEY_SHIFT);
  }

  /** Physical address of the paging structure that {@code entry} references. */
  public static long table(long entry) {
    return entry & ADDRESS;
  }

  /**
   * Physical address of the first byte of the page that {@code entry} maps at {@code level}.
   *
   * <p>Bits below the page size, PAT (bit 12) among them, are no part of the address.
   */
  public static long page(long entry, Level level) {
    return entry & ADDRESS & -level.span();
  }

  /**
   * Index in the PAT of the memory type with which the table that {@code entry} references is read:
   * 2 * PCD + PWT, 0 to 3. Also of CR3 while CR4.PCIDE = 0.
   *
   * <p>Source: SDM 3A "Paging and Memory Typing When the PAT is Supported (Pentium III and More
   * Recent Processor Families)".
   */
  public static int patIndexOfTable(long entry) {
    return (int) (entry >>> 3) & 3;
  }

  /**
   * Index in the PAT of the memory type of the page that {@code entry} maps: 4 * PAT + 2 * PCD +
   * PWT, 0 to 7.
   */
  public static int patIndexOfPage(long entry, PageSize size) {
    boolean pat = has(entry, size == PageSize.SIZE_4K ? PAT_4K : PAT_LARGE);
    return patIndexOfTable(entry) | (pat ? 4 : 0);
  }
}
