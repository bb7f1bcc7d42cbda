package dev.pagewalk.arch;

/** A size of page. Source: SDM 3A "4-Level Paging and 5-Level Paging". */
public enum PageSize {
  /** 4 KiB, mapped by a PTE. */
  SIZE_4K(Level.PT, "4 KiB"),
  /** 2 MiB, mapped by a PDE. */
  SIZE_2M(Level.PD, "2 MiB"),
  /** 1 GiB, mapped by a PDPTE. */
  SIZE_1G(Level.PDPT, "1 GiB");

  private final Level level;
  private final String words;

  PageSize(Level level, String words) {
    this.level = level;
    this.words = words;
  }

  /** The size as a person says it, {@code 4 KiB} for example. */
  public String inWords() {
    return words;
  }

  /** The size as files and messages write it, {@code 4K} for example. */
  public String shortName() {
    return name().substring("SIZE_".length());
  }

  /** The level of the entry that maps a page of this size. */
  public Level level() {
    return level;
  }

  /** Bits of offset within the page: 12, 21 or 30. */
  public int shift() {
    return level.shift();
  }

  /** Bytes of the page. */
  public long bytes() {
    return level.span();
  }
}
