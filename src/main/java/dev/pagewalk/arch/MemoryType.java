package dev.pagewalk.arch;

import java.util.Optional;

/**
 * How an access to memory may be cached and ordered.
 *
 * <p>Source: SDM 3A "Methods of Caching Available"; the encodings: tables "Memory Types That Can Be
 * Encoded With PAT" and "Memory Types That Can Be Encoded in MTRRs".
 */
public enum MemoryType {
  /** Strong uncacheable: not cached, in program order, no speculative reads. */
  UC(0, "UC"),
  /** Write combining: not cached, writes may be delayed and combined. */
  WC(1, "WC"),
  /** Write-through: reads are cached, every write goes to memory. */
  WT(4, "WT"),
  /** Write-protected: reads are cached, writes go to memory and drop the line everywhere. */
  WP(5, "WP"),
  /** Write-back: reads and writes are cached. */
  WB(6, "WB"),
  /** Uncacheable, but gives way to WC in the MTRRs. In the PAT only; never an effective type. */
  UC_MINUS(7, "UC-");

  private final int encoding;
  private final String mnemonic;

  MemoryType(int encoding, String mnemonic) {
    this.encoding = encoding;
    this.mnemonic = mnemonic;
  }

  /** The number that stands for this type in the PAT and in the MTRRs. */
  public int encoding() {
    return encoding;
  }

  /** The manual's mnemonic: {@code UC-} for example. */
  public String mnemonic() {
    return mnemonic;
  }

  /** The type of an encoding in the PAT; nothing if it is reserved. */
  public static Optional<MemoryType> inPat(long encoding) {
    for (MemoryType type : values()) {
      if (type.encoding == encoding) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type of an encoding in an MTRR; nothing if it is reserved, as that of UC- is there. */
  public static Optional<MemoryType> inMtrr(long encoding) {
    return inPat(encoding).filter(type -> type != UC_MINUS);
  }

  /**
   * The type of an access to memory that has type {@code mtrr} in the MTRRs and type {@code pat} in
   * the PAT, while CR0.CD and CR0.NW are 0.
   *
   * <p>Source: SDM 3A "Effective Page-Level Memory Types for Pentium III and More Recent Processor
   * Families". Early editions left five combinations undefined (WC in the MTRRs with WT and WP in
   * the PAT, WT with WP, WP with UC- and WT); now "all processors that support both the PAT and the
   * MTRRs determine the effective page-level memory types for these combinations as given".
   *
   * @throws IllegalArgumentException if {@code mtrr} is {@link #UC_MINUS}
   */
  public static MemoryType effective(MemoryType pat, MemoryType mtrr) {
    if (mtrr == UC_MINUS) {
      throw new IllegalArgumentException("no MTRR holds UC-");
    }
    return switch (pat) {
      case UC -> UC;
      case UC_MINUS -> mtrr == WC || mtrr == WP ? WC : UC;
      case WC -> WC;
      case WT, WP -> mtrr == UC || mtrr == WC ? UC : pat;
      case WB -> mtrr;
    };
  }
}
