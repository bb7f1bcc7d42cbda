package dev.pagewalk.arch;

/**
 * A level of the paging-structure hierarchy, from the root downwards.
 *
 * <p>Each paging structure is 4096 bytes and holds 512 entries of 8 bytes, chosen by nine bits of
 * the linear address. Source: SDM 3A "4-Level Paging and 5-Level Paging".
 */
public enum Level {
  PML5("PML5E", 48),
  PML4("PML4E", 39),
  PDPT("PDPTE", 30),
  PD("PDE", 21),
  PT("PTE", 12);

  /** Size of a paging structure in bytes. */
  public static final int TABLE_BYTES = 4096;

  /** Number of entries in a paging structure. */
  public static final int ENTRIES = 512;

  private final String entryName;
  private final int shift;

  Level(String entryName, int shift) {
    this.entryName = entryName;
    this.shift = shift;
  }

  /** The manual's name of an entry at this level, {@code PDPTE} for example. */
  public String entryName() {
    return entryName;
  }

  /** Bit index of the lowest linear-address bit that this level translates, 12 to 48. */
  public int shift() {
    return shift;
  }

  /** Bytes of linear address that one entry at this level controls: 4 KiB at the PT and so on. */
  public long span() {
    return 1L << shift;
  }

  /** Index of the entry that controls {@code linearAddress}, 0 to 511. */
  public int index(long linearAddress) {
    return (int) (linearAddress >>> shift) & (ENTRIES - 1);
  }

  /** The level below; a PT has none. */
  public Level next() {
    return switch (this) {
      case PML5 -> PML4;
      case PML4 -> PDPT;
      case PDPT -> PD;
      case PD -> PT;
      case PT -> throw new IllegalStateException("no level below the page table");
    };
  }

  /** The level at which a walk starts: PML5 if {@code CR4.LA57} is set, else PML4. */
  public static Level root(boolean la57) {
    return la57 ? PML5 : PML4;
  }
}
