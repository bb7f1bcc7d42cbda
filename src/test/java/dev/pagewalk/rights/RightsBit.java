package dev.pagewalk.rights;

import dev.pagewalk.arch.Level;

/**
 * The named bits that the rights enumeration counts over, and those that its rules derive.
 *
 * <p>All stand in one word of 64 bits: a state of tables, registers and access is a number, and a
 * rule is a pair of masks.
 */
public enum RightsBit {
  // Entries, from the root down.
  PML5E_P,
  PML5E_RW,
  PML5E_US,
  PML5E_XD,
  PML4E_P,
  PML4E_RW,
  PML4E_US,
  PML4E_XD,
  PDPTE_P,
  PDPTE_RW,
  PDPTE_US,
  PDPTE_XD,
  /** The PDPTE maps a 1 GiB page. */
  PDPTE_PS,
  PDE_P,
  PDE_RW,
  PDE_US,
  PDE_XD,
  /** The PDE maps a 2 MiB page. */
  PDE_PS,
  PTE_P,
  PTE_RW,
  PTE_US,
  PTE_XD,
  /** D of the entry that maps the page is 1 beforehand. */
  LEAF_D,
  /** A of every entry is 1 beforehand. */
  ALL_A,

  // Registers.
  WP,
  NXE,
  SMEP,
  SMAP,
  /** RFLAGS.AC. */
  AC,
  PKE,
  PKS,
  /** PKRU.ADi for the page's key i, and so on. */
  PKRU_AD,
  PKRU_WD,
  PKRS_AD,
  PKRS_WD,

  // The access: a read if neither WRITE nor FETCH, explicit and supervisor-mode if neither USER
  // nor IMPLICIT.
  USER,
  IMPLICIT,
  WRITE,
  FETCH,
  SHADOW_STACK,

  // What the model does where it has a choice; none of them is the preset sdm.
  NO_A_ON_FAULT,
  A_OF_1G_ON_FAULT,
  RSVD_WITHOUT_P,
  KEYS_BY_ACCESS,
  PK_NOT_BEHIND_US,
  NO_D_ON_READ_ONLY,

  // Derived: the entry that is being looked at.
  ENTRY_P,
  ENTRY_RW,
  ENTRY_US,
  ENTRY_XD,
  /** The entry maps a page. */
  ENTRY_LEAF,

  // Derived: what the walk found.
  NOT_PRESENT,
  RESERVED,
  SUPERVISOR_ADDRESS,
  /** R/W is 0 in at least one entry. */
  READ_ONLY,
  LEAF_READ_ONLY,
  TABLES_READ_ONLY,
  EXECUTE_DISABLED,

  // Derived: the verdict.
  KEY_VIOLATION,
  FORBIDDEN,
  FAULT;

  /** This bit alone. */
  public long mask() {
    return 1L << ordinal();
  }

  /** Whether it is 1 in {@code word}. */
  public boolean in(long word) {
    return (word & mask()) != 0;
  }

  /** All of {@code bits} together. */
  public static long mask(RightsBit... bits) {
    long mask = 0;
    for (RightsBit bit : bits) {
      mask |= bit.mask();
    }
    return mask;
  }

  /** The bits from {@code first} to {@code last}. */
  public static long range(RightsBit first, RightsBit last) {
    return (last.mask() << 1) - first.mask();
  }

  /** Bit {@code name} (P, RW, US, XD) of the entry at {@code level}. */
  public static RightsBit of(Level level, String name) {
    return valueOf(level.entryName() + "_" + name);
  }

  /** Every bit of {@code which} with its value in {@code word}. */
  static String describe(long word, long which) {
    StringBuilder text = new StringBuilder();
    for (RightsBit bit : values()) {
      if (bit.in(which)) {
        text.append(text.isEmpty() ? "" : " ").append(bit).append(bit.in(word) ? "=1" : "=0");
      }
    }
    return text.toString();
  }
}
