package dev.pagewalk.vectors;

import java.util.Locale;

/**
 * A known way in which MMUs go wrong: a switch of {@link DeviantEngine}, with the sentence of
 * Intel's manual that it is against, and where that stands.
 */
public enum Deviation {
  // --- which entries end a walk ---
  RSVD_WITHOUT_P(
      "a reserved-bit fault reports RSVD without P",
      "Page-Fault Exceptions",
      "Because reserved bits are not checked in a paging-structure entry whose P flag is 0, bit 3"
          + " of the error code can be set only if bit 0 is also set."),
  RESERVED_BITS_IGNORED(
      "no reserved bit is checked",
      "Page-Fault Exceptions",
      "RSVD flag: 1 if a reserved bit was set in one of the paging-structure entries used."),
  MAXPHYADDR_IGNORED(
      "address bits from MAXPHYADDR up to 51 are not checked",
      "4-Level Paging and 5-Level Paging",
      "If the P flag of a paging-structure entry is 1, bits 51:MAXPHYADDR are reserved."),
  XD_WITHOUT_NXE_IGNORED(
      "XD is not reserved while EFER.NXE is 0",
      "4-Level Paging and 5-Level Paging",
      "If IA32_EFER.NXE = 0 and the P flag of an entry is 1, the XD flag is reserved."),
  LARGE_PAGE_LOW_BITS_IGNORED(
      "address bits below a large page's size are not checked",
      "4-Level Paging and 5-Level Paging",
      "If the PS flag of a PDPTE or PDE is 1, bits 29:13 or 20:13 are reserved."),
  PAGE1GB_ABSENT_IGNORED(
      "1 GiB pages are walked on a processor without them",
      "4-Level Paging and 5-Level Paging",
      "If 1-GByte pages are not supported and the P flag of a PDPTE is 1, the PS flag is"
          + " reserved."),
  PS_AT_ANY_LEVEL(
      "PS makes a page of a PML4E or PML5E",
      "4-Level Paging and 5-Level Paging",
      "If the P flag of a PML4E or PML5E is 1, the PS flag is reserved."),
  CANONICAL_IGNORED(
      "a linear address that is not canonical is walked",
      "Canonical Addressing",
      "An attempt to use a linear address that is not canonical causes a general-protection"
          + " exception."),
  CANONICAL_OF_FIRST_BYTE(
      "of an access only the first byte's address has to be canonical",
      "Canonical Addressing",
      "An attempt to use a linear address that is not canonical causes a general-protection"
          + " exception."),
  LA57_CANONICAL_48(
      "addresses must be canonical to 48 bits under 5-level paging",
      "Canonical Addressing",
      "With 5-level paging a linear address is canonical if bits 63:56 are identical."),
  ENTRY_256_NOT_FOR_USERS(
      "user-mode accesses find nothing behind the upper half's first PML4E, a hypervisor's own",
      "Determination of Access Rights",
      "Whether an address is a user-mode or a supervisor-mode address is decided by U/S in the"
          + " entries of its translation, whatever the address is."),
  // --- what registers accept ---
  CR_UPPER_BITS_DROPPED(
      "bits 63:32 of what is moved to CR0 and CR4 are dropped",
      "Control Registers",
      "Bits 63:32 of CR0 and CR4 are reserved; writing 1 to one of them causes #GP(0)."),
  CR4_FEATURES_UNCHECKED(
      "CR4 takes PGE, SMEP, SMAP and PKE of a processor without them",
      "Control Registers",
      "Bits of CR4 whose feature the processor does not enumerate are reserved; setting one causes"
          + " #GP(0)."),
  NXE_CLEARED_UNNOTICED(
      "what user mode has used stays usable when EFER.NXE = 0 makes XD reserved",
      "4-Level Paging and 5-Level Paging",
      "If IA32_EFER.NXE = 0 and the P flag of an entry is 1, the XD flag is reserved."),
  // --- where a page lies ---
  PAT_BIT_12_AS_ADDRESS(
      "bit 12 of a large page's entry, PAT, is taken for an address bit",
      "4-Level Paging and 5-Level Paging",
      "Bit 12 of an entry that maps a 2-MByte or 1-GByte page is PAT."),
  // --- access rights ---
  XD_ANDED(
      "a fetch is refused only if XD is 1 at every level",
      "Determination of Access Rights",
      "Instructions may be fetched from an address whose translation has XD = 0 in every entry."),
  XD_OF_LEAF_ONLY(
      "XD of tables' entries is ignored",
      "Determination of Access Rights",
      "Instructions may be fetched from an address whose translation has XD = 0 in every entry."),
  XD_IGNORED(
      "XD never refuses a fetch",
      "Determination of Access Rights",
      "Instructions may be fetched from an address whose translation has XD = 0 in every entry."),
  RW_OF_LEAF_ONLY(
      "R/W of tables' entries is ignored",
      "Determination of Access Rights",
      "Data may be written to an address if the R/W flag is 1 in every entry that controls it."),
  US_OF_LEAF_ONLY(
      "U/S of tables' entries is ignored",
      "Determination of Access Rights",
      "If the U/S flag is 0 in at least one of the entries, the address is a supervisor-mode"
          + " address."),
  NO_CR0_WP(
      "CR0.WP is taken as 0",
      "Determination of Access Rights",
      "If CR0.WP = 1, supervisor-mode writes need R/W = 1 in every entry."),
  CR0_WP_ALWAYS(
      "CR0.WP is taken as 1",
      "Determination of Access Rights",
      "If CR0.WP = 0, data may be written to any supervisor-mode address."),
  SMEP_IGNORED(
      "CR4.SMEP is ignored",
      "Determination of Access Rights",
      "If CR4.SMEP = 1, instructions may not be fetched from any user-mode address."),
  SMEP_NEEDS_NX(
      "CR4.SMEP is ignored while EFER.NXE is 0",
      "Determination of Access Rights",
      "If CR4.SMEP = 1, instructions may not be fetched from any user-mode address."),
  SMAP_IGNORED(
      "CR4.SMAP is ignored",
      "Determination of Access Rights",
      "If CR4.SMAP = 1, access rights depend on the value of EFLAGS.AC."),
  SMAP_IGNORES_AC(
      "CR4.SMAP refuses also while RFLAGS.AC is 1",
      "Determination of Access Rights",
      "If EFLAGS.AC = 1 and the access is explicit, data may be read from any user-mode address."),
  SMAP_REFUSES_FETCHES(
      "CR4.SMAP refuses instruction fetches",
      "Determination of Access Rights",
      "SMAP governs data accesses; instruction fetches are governed by SMEP."),
  IMPLICIT_HONOURS_AC(
      "an implicit supervisor-mode access passes CR4.SMAP while RFLAGS.AC is 1",
      "Determination of Access Rights",
      "If CR4.SMAP = 1 and the access is implicit, data may not be read from any user-mode"
          + " address, whatever the value of EFLAGS.AC is."),
  IMPLICIT_BY_CPL(
      "an implicit access at CPL 3 is taken for a user-mode access",
      "Determination of Access Rights",
      "Some operations implicitly access system data structures; the resulting accesses are"
          + " supervisor-mode accesses regardless of CPL."),
  // --- shadow stacks ---
  SHADOW_STACK_AS_ORDINARY(
      "a shadow-stack access is made as an ordinary one",
      "Determination of Access Rights",
      "Shadow-stack accesses are allowed only to shadow-stack addresses."),
  SHADOW_STACK_ON_WRITABLE_PAGE(
      "a shadow-stack access is allowed to a page with R/W 1",
      "Determination of Access Rights",
      "A shadow-stack address has R/W = 0 and D = 1 in the entry that maps it."),
  SHADOW_STACK_WITHOUT_D(
      "a shadow-stack access is allowed to a read-only page with D 0",
      "Determination of Access Rights",
      "A shadow-stack address has R/W = 0 and D = 1 in the entry that maps it."),
  SHADOW_STACK_TABLES_IGNORED(
      "a shadow-stack access does not ask for R/W 1 in tables' entries",
      "Determination of Access Rights",
      "A shadow-stack address has R/W = 1 in every entry but the one that maps it."),
  SHADOW_STACK_OF_USER_PAGE(
      "a supervisor-mode shadow-stack access is allowed to a user-mode address",
      "Determination of Access Rights",
      "Supervisor-mode shadow-stack accesses are allowed only to supervisor-mode shadow-stack"
          + " addresses."),
  SS_FLAG_MISSING(
      "the error code never has SS",
      "Page-Fault Exceptions",
      "SS flag: 1 if a shadow-stack access caused the exception."),
  // --- protection keys ---
  PKRU_BY_CPL(
      "PKRU guards what user mode accesses, not user-mode addresses",
      "Protection Keys",
      "PKRU guards user-mode addresses: U/S = 1 in every entry, whoever accesses them."),
  KEYS_IGNORED(
      "protection keys never refuse",
      "Protection Keys",
      "If ADi = 1, no data access is permitted."),
  KEYS_REFUSE_FETCHES(
      "protection keys refuse instruction fetches",
      "Protection Keys",
      "Protection keys have no effect on instruction fetches."),
  WD_IGNORES_WP(
      "WD refuses supervisor-mode writes while CR0.WP is 0",
      "Protection Keys",
      "If CR0.WP = 0, WDi has no effect on supervisor-mode writes."),
  PK_FLAG_MISSING(
      "the error code never has PK",
      "Page-Fault Exceptions",
      "PK flag: 1 if the access was a data access and the protection key forbade it."),
  PK_FLAG_BEHIND_US(
      "PK is not reported for a user-mode access to a supervisor-mode address",
      "Page-Fault Exceptions",
      "PK flag: 1 if the access was a data access and the protection key forbade it."),
  // --- the page fault ---
  ID_FLAG_ALWAYS(
      "I/D is reported of each fetch, without NXE and SMEP too",
      "Page-Fault Exceptions",
      "I/D flag: 1 only if CR4.SMEP = 1, or CR4.PAE = 1 and IA32_EFER.NXE = 1."),
  ID_FLAG_NEEDS_NX(
      "I/D is not reported without NXE, whatever CR4.SMEP is",
      "Page-Fault Exceptions",
      "I/D flag: 1 only if CR4.SMEP = 1, or CR4.PAE = 1 and IA32_EFER.NXE = 1."),
  US_FLAG_OF_PAGE(
      "U/S of the error code is the page's, not the access's",
      "Page-Fault Exceptions",
      "U/S flag: 1 if a user-mode access caused the exception."),
  CR2_OF_PAGE(
      "CR2 holds the page's address",
      "Page-Fault Exceptions",
      "The processor loads CR2 with the linear address that generated the exception."),
  // --- accessed and dirty ---
  A_BITS_ON_FAULT(
      "a walk that faults leaves no accessed bit",
      "Accessed and Dirty Flags",
      "Whenever the processor uses an entry as part of translation, it sets the accessed flag."),
  A_OF_REFUSED_PAGE(
      "a refused access marks the page accessed",
      "Accessed and Dirty Flags",
      "The accessed flag of a page is set when the page is accessed."),
  A_NEVER(
      "accessed bits are never set",
      "Accessed and Dirty Flags",
      "Whenever the processor uses an entry as part of translation, it sets the accessed flag."),
  A_OF_LEAF_ONLY(
      "tables' entries are not marked accessed",
      "Accessed and Dirty Flags",
      "Whenever the processor uses an entry as part of translation, it sets the accessed flag."),
  D_NEVER(
      "dirty bits are never set",
      "Accessed and Dirty Flags",
      "Whenever there is a write to a linear address, the processor sets the dirty flag."),
  D_ON_READ(
      "a read marks the page dirty",
      "Accessed and Dirty Flags",
      "Whenever there is a write to a linear address, the processor sets the dirty flag."),
  D_OF_REFUSED_WRITE(
      "a write that is refused marks the page dirty",
      "Accessed and Dirty Flags",
      "Whenever there is a write to a linear address, the processor sets the dirty flag."),
  D_OF_TABLES(
      "a write marks tables' entries dirty",
      "Accessed and Dirty Flags",
      "The dirty flag is set in the entry that maps the page."),
  // --- TLBs ---
  NX_IGNORED_ON_HIT(
      "XD is not asked on the path of a TLB hit",
      "Details of TLB Use",
      "Access rights are determined by the cached flags on each access."),
  RIGHTS_FIXED_ON_FILL(
      "what registers allow is decided when a TLB entry is filled",
      "Details of TLB Use",
      "CR0.WP, CR4.SMEP, CR4.SMAP, PKRU and CPL act on each access."),
  D_IGNORED_ON_HIT(
      "a write that hits a TLB entry does not set the dirty bit",
      "Details of TLB Use",
      "The processor sets the dirty flag in memory on a write if the cached one is 0."),
  FAULTS_CACHED(
      "an entry that is not present is cached",
      "Details of TLB Use",
      "The processor does not cache a translation unless the P flag is 1 in every entry."),
  STALE_AFTER_INVLPG(
      "INVLPG does nothing",
      "Operations that Invalidate TLBs and Paging-Structure Caches",
      "INVLPG invalidates any TLB entries for a page number that the operand lies in."),
  GLOBALS_SURVIVE_INVLPG(
      "INVLPG keeps global entries",
      "Operations that Invalidate TLBs and Paging-Structure Caches",
      "INVLPG also invalidates any global TLB entries with that page number, regardless of PCID."),
  GLOBALS_SURVIVE_PGE(
      "a change of CR4.PGE keeps global entries",
      "Operations that Invalidate TLBs and Paging-Structure Caches",
      "MOV to CR4 that changes CR4.PGE invalidates all TLB entries, including global entries."),
  GLOBALS_SURVIVE_INVPCID_2(
      "INVPCID type 2 keeps global entries",
      "Operations that Invalidate TLBs and Paging-Structure Caches",
      "INVPCID type 2 invalidates all TLB entries, including global entries."),
  GLOBAL_WITHOUT_PGE(
      "G counts while CR4.PGE is 0", "Global Pages", "If CR4.PGE = 0, the G flag is ignored."),
  PCID_IGNORED(
      "TLB entries of every PCID are used",
      "Process-Context Identifiers (PCIDs)",
      "A logical processor uses only entries associated with the current PCID, and global ones."),
  CR3_LOAD_KEEPS_ALL(
      "MOV to CR3 invalidates nothing",
      "Operations that Invalidate TLBs and Paging-Structure Caches",
      "MOV to CR3 invalidates all TLB entries of the PCID but global ones, unless bit 63 is 1."),
  INVPCID_IGNORED(
      "INVPCID invalidates nothing",
      "Operations that Invalidate TLBs and Paging-Structure Caches",
      "INVPCID invalidates TLB entries by address, by PCID, or all of them.");

  private final String what;
  private final String section;
  private final String manual;

  Deviation(String what, String section, String manual) {
    this.what = what;
    this.section = section;
    this.manual = manual;
  }

  /** Its name in reports: {@code rsvd-without-p}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What such an MMU does, in a few words. */
  public String what() {
    return what;
  }

  /** The title of the section of SDM 3A that says otherwise. */
  public String section() {
    return section;
  }

  /** What that section says. */
  public String manual() {
    return manual;
  }

  /** Whether it shows only in what TLBs hold. */
  boolean isOfTlb() {
    return compareTo(NX_IGNORED_ON_HIT) >= 0;
  }
}
