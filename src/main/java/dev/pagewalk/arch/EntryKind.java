package dev.pagewalk.arch;

import java.util.ArrayList;
import java.util.List;

/**
 * The seven formats of a paging-structure entry, each with every one of its 64 bits.
 *
 * <p>Source: SDM 3A "4-Level Paging and 5-Level Paging"; the table's title stands with each kind. M
 * is MAXPHYADDR. What depends on the processor or on registers (bits 51:M, XD while EFER.NXE = 0,
 * PS without 1 GiB pages) is decided by {@link ReservedBits}.
 */
public enum EntryKind {
  PML5E(Level.PML5, false, "Format of a PML5 Entry (PML5E) that References a PML4 Table"),
  PML4E(
      Level.PML4,
      false,
      "Format of a PML4 Entry (PML4E) that References a Page-Directory-Pointer Table"),
  PDPTE_TABLE(
      Level.PDPT,
      false,
      "Format of a Page-Directory-Pointer-Table Entry (PDPTE) that References a Page Directory"),
  PDPTE_1G(
      Level.PDPT,
      true,
      "Format of a Page-Directory-Pointer-Table Entry (PDPTE) that Maps a 1-GByte Page"),
  PDE_TABLE(Level.PD, false, "Format of a Page-Directory Entry that References a Page Table"),
  PDE_2M(Level.PD, true, "Format of a Page-Directory Entry that Maps a 2-MByte Page"),
  PTE(Level.PT, true, "Format of a Page-Table Entry that Maps a 4-KByte Page");

  private final Level level;
  private final boolean leaf;
  private final String table;

  @SuppressWarnings("ImmutableEnumChecker") // List.copyOf
  private final List<Field> fields;

  EntryKind(Level level, boolean leaf, String table) {
    this.level = level;
    this.leaf = leaf;
    this.table = table;
    this.fields = leaf ? leafFields(level) : tableFields(level);
  }

  /**
   * The kind that {@code entry} has at {@code level}, as its PS bit says; PS of a PML4E is no size.
   */
  public static EntryKind of(long entry, Level level) {
    boolean ps = Entry.has(entry, Entry.PS);
    return switch (level) {
      case PML5 -> PML5E;
      case PML4 -> PML4E;
      case PDPT -> ps ? PDPTE_1G : PDPTE_TABLE;
      case PD -> ps ? PDE_2M : PDE_TABLE;
      case PT -> PTE;
    };
  }

  /** The level at which this kind stands. */
  public Level level() {
    return level;
  }

  /** Whether an entry of this kind maps a page, rather than referencing a paging structure. */
  public boolean isLeaf() {
    return leaf;
  }

  /** Title of the manual's table that defines this kind. */
  public String table() {
    return table;
  }

  /** All fields from bit 63 down to bit 0, without gaps. */
  public List<Field> fields() {
    return fields;
  }

  /** Short name for people: {@code PDE (2 MiB page)}, {@code PDPTE (table)}, {@code PTE}. */
  public String title() {
    return switch (this) {
      case PDPTE_1G -> "PDPTE (1 GiB page)";
      case PDE_2M -> "PDE (2 MiB page)";
      case PDPTE_TABLE -> "PDPTE (table)";
      case PDE_TABLE -> "PDE (table)";
      default -> name();
    };
  }

  /**
   * Index in the PAT of the memory type of accesses to what {@code entry}, of this kind, points to:
   * a page (0 to 7) or a table (0 to 3).
   */
  public int patIndex(long entry) {
    return switch (this) {
      case PTE -> Entry.patIndexOfPage(entry, PageSize.SIZE_4K);
      case PDE_2M -> Entry.patIndexOfPage(entry, PageSize.SIZE_2M);
      case PDPTE_1G -> Entry.patIndexOfPage(entry, PageSize.SIZE_1G);
      case PML5E, PML4E, PDPTE_TABLE, PDE_TABLE -> Entry.patIndexOfTable(entry);
    };
  }

  private static List<Field> tableFields(Level level) {
    List<Field> fields = new ArrayList<>();
    fields.add(executeDisable());
    fields.add(Field.ignored(62, 52));
    fields.add(Field.address(12, "physical address of the " + level.next() + " it references"));
    fields.add(Field.bit("R", 11, "HLAT paging: restart with ordinary paging; otherwise ignored"));
    fields.add(Field.ignored(10, 8));
    fields.add(
        level == Level.PML5 || level == Level.PML4
            ? Field.reserved(7, 7)
            : Field.bit("PS", 7, "0: the entry references a table"));
    fields.add(Field.ignored(6, 6));
    addLowFields(fields, "used for a translation", "to the table");
    return List.copyOf(fields);
  }

  private static List<Field> leafFields(Level level) {
    List<Field> fields = new ArrayList<>();
    fields.add(executeDisable());
    fields.add(
        Field.bits("key", 62, 59, "protection key if CR4.PKE or CR4.PKS is 1; otherwise ignored"));
    fields.add(Field.ignored(58, 52));
    fields.add(Field.address(level.shift(), "physical address of the page it maps"));
    if (level != Level.PT) {
      fields.add(Field.reserved(level.shift() - 1, 13));
      fields.add(Field.bit("PAT", 12, "with PCD and PWT selects the page's memory type"));
    }
    fields.add(Field.bit("R", 11, "HLAT paging: restart with ordinary paging; otherwise ignored"));
    fields.add(Field.ignored(10, 9));
    fields.add(Field.bit("G", 8, "global if CR4.PGE is 1: survives a load of CR3"));
    fields.add(
        level == Level.PT
            ? Field.bit("PAT", 7, "with PCD and PWT selects the page's memory type")
            : Field.bit("PS", 7, "1: the entry maps a page"));
    fields.add(Field.bit("D", 6, "dirty: the page has been written"));
    addLowFields(fields, "the page has been accessed", "to the page");
    return List.copyOf(fields);
  }

  private static Field executeDisable() {
    return Field.bit(
        "XD", 63, "1: no instruction fetches from the region; must be 0 without EFER.NXE");
  }

  private static void addLowFields(List<Field> fields, String accessed, String target) {
    fields.add(Field.bit("A", 5, "accessed: " + accessed));
    fields.add(Field.bit("PCD", 4, "cache disable: part of the memory type of accesses " + target));
    fields.add(Field.bit("PWT", 3, "write-through: part of the memory type of accesses " + target));
    fields.add(Field.bit("U/S", 2, "1: user-mode accesses are allowed to the region"));
    fields.add(Field.bit("R/W", 1, "1: writes are allowed to the region"));
    fields.add(Field.bit("P", 0, "present: 0 ends the walk with a page fault"));
  }
}
