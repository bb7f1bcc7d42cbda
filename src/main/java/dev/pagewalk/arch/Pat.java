package dev.pagewalk.arch;

import java.util.Objects;
import java.util.Optional;

/**
 * The page attribute table: the MSR IA32_PAT, a memory type in each of its eight bytes.
 *
 * <p>PAT, PCD and PWT of the entry that maps a page choose one of them, see {@link
 * EntryKind#patIndex}. Source: SDM 3A "Page Attribute Table (PAT)".
 *
 * @param value of the MSR, legal
 */
public record Pat(long value) {
  /** Index of the MSR. */
  public static final long MSR = 0x277L;

  /** Number of entries. */
  public static final int ENTRIES = 8;

  /** After power-up or reset: WB, WT, UC-, UC, twice. */
  public static final Pat POWER_UP = new Pat(0x0007_0406_0007_0406L);

  public Pat {
    whyRefused(value)
        .ifPresent(reason -> {
          throw new IllegalArgumentException(reason);
        });
  }

  /** The type of entry {@code index}, 0 to 7. */
  public MemoryType of(int index) {
    return MemoryType.inPat(encoding(value, Objects.checkIndex(index, ENTRIES))).orElseThrow();
  }

  /** Why WRMSR refuses {@code value} with #GP: an entry has a reserved encoding. */
  public static Optional<String> whyRefused(long value) {
    for (int i = 0; i < ENTRIES; i++) {
      if (MemoryType.inPat(encoding(value, i)).isEmpty()) {
        return Optional.of(
            "entry " + i + " of IA32_PAT has a reserved encoding, " + Hex.of(encoding(value, i)));
      }
    }
    return Optional.empty();
  }

  private static long encoding(long value, int index) {
    return value >>> (8 * index) & 0xff;
  }
}
