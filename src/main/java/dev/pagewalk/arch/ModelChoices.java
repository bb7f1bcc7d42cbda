package dev.pagewalk.arch;

/**
 * What one processor or emulator does where the manuals leave it open, or where it departs.
 *
 * <p>The first group are choices that the architecture permits; the second are departures of
 * emulators, kept so that their recorded answers can be reproduced; the third are read by the MMU's
 * caches only. Named sets stand in {@link ModelPresets}; {@code docs/design-decisions.md} has the
 * reasons.
 *
 * @param accessedOnFault which entries a walk marks accessed if it ends in a fault
 * @param bit8 whether bit 8 of an entry that references a table is reserved
 * @param dirtyOnReadOnly what a write that CR0.WP = 0 lets through does to D of a read-only page
 * @param nonCanonicalStack the exception for a non-canonical address through SS
 * @param invpcidCanonical the width that INVPCID type 0 checks its address against
 * @param rsvdErrorCode whether a reserved-bit fault reports P
 * @param absentOneGigabytePages what PS in a PDPTE does on a processor without 1 GiB pages
 * @param keyRegister what decides between PKRU and PKRS
 * @param keyFlag when PK is reported for a user-mode access to a supervisor-mode address
 * @param keyToggle whether rights follow the current CR4.PKE and CR4.PKS
 * @param registerChecks whether MOV to CR0 and WRMSR to EFER refuse reserved values
 * @param largePages how TLBs hold translations by large pages
 * @param invalidation how much more than they must the invalidating instructions drop
 */
public record ModelChoices(
    AccessedOnFault accessedOnFault,
    Bit8 bit8,
    DirtyOnReadOnly dirtyOnReadOnly,
    NonCanonicalStack nonCanonicalStack,
    InvpcidCanonical invpcidCanonical,
    RsvdErrorCode rsvdErrorCode,
    AbsentOneGigabytePages absentOneGigabytePages,
    KeyRegister keyRegister,
    KeyFlag keyFlag,
    KeyToggle keyToggle,
    RegisterChecks registerChecks,
    LargePages largePages,
    Invalidation invalidation) {

  /** One choice: a value of one of the enums below. */
  public sealed interface Choice {}

  /**
   * Which entries a walk that ends in a fault has marked accessed. SDM 3A "Accessed and Dirty
   * Flags".
   */
  public enum AccessedOnFault implements Choice {
    /** Those that reference a table and were passed on the way. */
    UPPER_LEVELS,
    /** None: accessed bits are set once the access is known to be allowed. */
    NONE,
    /** Those passed on the way, and a 1 GiB leaf even if the access is then refused (QEMU 7.2). */
    UPPER_LEVELS_AND_1G_LEAF
  }

  /**
   * Bit 8 (G in a leaf) of an entry that references a table. APM 2 "Long-Mode Page Translation".
   */
  public enum Bit8 implements Choice {
    /** Ignored at every level (Intel). */
    IGNORED,
    /** Must be zero in a PML5E or PML4E, ignored below (AMD). */
    RESERVED_IN_PML5E_AND_PML4E,
    /** Must be zero in a PDPTE that references a table as well (early editions of AMD's manual). */
    RESERVED_IN_PDPTE_TOO;

    boolean reservedIn(EntryKind kind) {
      return switch (kind) {
        case PML5E, PML4E -> this != IGNORED;
        case PDPTE_TABLE -> this == RESERVED_IN_PDPTE_TOO;
        default -> false;
      };
    }
  }

  /**
   * D of a page with R/W = 0, on a supervisor-mode write that CR0.WP = 0 allows. SDM 3A "Accessed
   * and Dirty Flags": "a processor that supports CET will never set the dirty flag in a
   * paging-structure entry in which the R/W flag is clear".
   */
  public enum DirtyOnReadOnly implements Choice {
    /** Set, as for every write. */
    SET,
    /** Not set by a processor with shadow stacks: R/W = 0, D = 1 would make a shadow-stack page. */
    NOT_WITH_SHADOW_STACKS
  }

  /** A non-canonical address through SS. SDM 1 "Canonical Addressing": a stack fault. */
  public enum NonCanonicalStack implements Choice {
    STACK_FAULT,
    GENERAL_PROTECTION
  }

  /** What INVPCID type 0 calls canonical where CR4.LA57 = 0 on a processor with LA57. */
  public enum InvpcidCanonical implements Choice {
    /** 57 bits, as the processor has them, whatever the paging mode. */
    PROCESSOR_WIDTH,
    /** As the paging mode has them. */
    PAGING_MODE
  }

  /** P in the error code of a reserved-bit fault. SDM 3A "Page-Fault Exceptions": 1. */
  public enum RsvdErrorCode implements Choice {
    WITH_P,
    /** QEMU 7.2. */
    WITHOUT_P
  }

  /** PS in a PDPTE without CPUID.Page1GB. SDM 3A: reserved. */
  public enum AbsentOneGigabytePages implements Choice {
    RESERVED,
    /** QEMU 7.2 walks them all the same. */
    WALKED
  }

  /** Which register guards an address. SDM 3A "Protection Keys": its U/S decides. */
  public enum KeyRegister implements Choice {
    BY_ADDRESS,
    /**
     * Bochs 2.7: PKRU for user-mode accesses, PKRS for supervisor-mode accesses; WD of PKRU binds
     * supervisor-mode writes too while CR0.WP = 1, whatever the address.
     */
    BY_ACCESS
  }

  /** PK for a user-mode access to a supervisor-mode address whose key PKRS disables. */
  public enum KeyFlag implements Choice {
    /** Reported: the flag does not ask for the access's mode. */
    WHENEVER_DISABLED,
    /** QEMU 7.2: the refusal by U/S comes first. */
    NOT_BEHIND_US
  }

  /** A change of CR4.PKE or CR4.PKS. SDM 3A "Protection Keys": rights follow the current value. */
  public enum KeyToggle implements Choice {
    CURRENT,
    /** QEMU 7.2: a translation used before keeps the rights that it was given then. */
    STALE
  }

  /** MOV to CR0 and WRMSR to EFER with reserved or illegal values. SDM 2: #GP(0). */
  public enum RegisterChecks implements Choice {
    FAULT,
    /** QEMU 7.2: the offending bits are dropped. */
    DROPPED
  }

  /** How TLBs hold a translation by a large page. SDM 3A "Details of TLB Use". */
  public enum LargePages implements Choice {
    WHOLE,
    /** As 4 KiB pieces. */
    FRACTURED,
    /** 1 GiB pages as 2 MiB pieces. */
    SMASHED_1G
  }

  /** How much INVLPG and INVPCID drop. SDM 3A "Operations that Invalidate TLBs and ...". */
  public enum Invalidation implements Choice {
    /** Just what the manual demands. */
    EXACT,
    /** INVLPG what it must, INVPCID of any type all entries, global ones too (Bochs 2.7). */
    INVPCID_DROPS_ALL
  }

  /** These choices with {@code others} in place of those of the same kind; the last one wins. */
  public ModelChoices with(Choice... others) {
    ModelChoices result = this;
    for (Choice other : others) {
      result = result.withOne(other);
    }
    return result;
  }

  private ModelChoices withOne(Choice other) {
    return new ModelChoices(
        other instanceof AccessedOnFault choice ? choice : accessedOnFault,
        other instanceof Bit8 choice ? choice : bit8,
        other instanceof DirtyOnReadOnly choice ? choice : dirtyOnReadOnly,
        other instanceof NonCanonicalStack choice ? choice : nonCanonicalStack,
        other instanceof InvpcidCanonical choice ? choice : invpcidCanonical,
        other instanceof RsvdErrorCode choice ? choice : rsvdErrorCode,
        other instanceof AbsentOneGigabytePages choice ? choice : absentOneGigabytePages,
        other instanceof KeyRegister choice ? choice : keyRegister,
        other instanceof KeyFlag choice ? choice : keyFlag,
        other instanceof KeyToggle choice ? choice : keyToggle,
        other instanceof RegisterChecks choice ? choice : registerChecks,
        other instanceof LargePages choice ? choice : largePages,
        other instanceof Invalidation choice ? choice : invalidation);
  }
}
