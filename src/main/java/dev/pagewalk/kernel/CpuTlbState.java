package dev.pagewalk.kernel;

/**
 * Which address spaces the PCIDs of one core stand for (cpu_tlbstate), as Linux hands them out.
 *
 * <p>A core has {@value #SLOTS} PCIDs for processes, 1 to {@value #SLOTS}. An address space that
 * comes back to a core finds its old one, if no other took it since; what was invalidated while it
 * was away is dropped then.
 *
 * <p>MODEL: each core has PCIDs of its own; Linux can share some between cores, with INVLPGB.
 */
public final class CpuTlbState {
  /** How many address spaces a core remembers: TLB_NR_DYN_ASIDS. */
  public static final int SLOTS = 6;

  private static final long NO_FLUSH = 1L << 63;

  /** What tells the PCID for user mode from the kernel's: X86_CR3_PTI_PCID_USER_BIT. */
  private static final int USER_PCID = 1 << 11;

  private final AddressSpace[] spaces = new AddressSpace[SLOTS];
  private final long[] generations = new long[SLOTS];

  /** Slots whose user PCID must be flushed when it is loaded next (user_pcid_flush_mask). */
  private int staleUsers;

  private int next;
  private int current = -1;

  /** A core that has run nothing yet. */
  public CpuTlbState() {}

  /**
   * The value to load into CR3 to run {@code mm}: root, PCID, and bit 63 if what the TLB holds for
   * that PCID is still true.
   */
  public long switchTo(AddressSpace mm) {
    int slot = slotOf(mm);
    boolean known = slot >= 0;
    if (!known) {
      slot = next;
      next = (next + 1) % SLOTS;
      spaces[slot] = mm;
    }
    boolean upToDate = known && generations[slot] == mm.tlbGeneration();
    generations[slot] = mm.tlbGeneration();
    current = slot;
    if (!upToDate) {
      flushUser();
    }
    return mm.root() | slot + 1 | (upToDate ? NO_FLUSH : 0);
  }

  /** Says that the core has dropped all that it owed for the address space it has loaded. */
  public void flushed() {
    generations[current] = spaces[current].tlbGeneration();
  }

  // --- with isolated page tables ---

  /**
   * The value to load into CR3 to go back to user mode: the user root and the PCID that goes with
   * it, and bit 63 unless that PCID is to be flushed.
   */
  public long userCr3() {
    boolean stale = (staleUsers >>> current & 1) != 0;
    staleUsers &= ~(1 << current);
    return spaces[current].userRoot() | userPcid() | (stale ? 0 : NO_FLUSH);
  }

  /** The value to load into CR3 to enter the kernel; nothing is flushed. */
  public long kernelCr3() {
    return spaces[current].root() | pcid() | NO_FLUSH;
  }

  /** Has the user PCID flushed when it is loaded next. */
  public void flushUser() {
    staleUsers |= 1 << current;
  }

  /** The PCID that user mode runs under. */
  public int userPcid() {
    return pcid() | USER_PCID;
  }

  /** The PCID of the address space that is loaded. */
  public int pcid() {
    return current + 1;
  }

  /** Forgets an address space that has ended. */
  public void forget(AddressSpace mm) {
    int slot = slotOf(mm);
    if (slot >= 0) {
      spaces[slot] = null;
    }
  }

  /** Whose translations the core would use under {@code pcid} without a flush; null if nobody's. */
  AddressSpace trusted(int pcid) {
    int slot = (pcid & ~USER_PCID) - 1;
    if (slot < 0 || slot >= SLOTS || spaces[slot] == null) {
      return null;
    }
    if ((pcid & USER_PCID) != 0 && (staleUsers >>> slot & 1) != 0) {
      return null;
    }
    boolean upToDate = generations[slot] == spaces[slot].tlbGeneration();
    return slot == current || upToDate ? spaces[slot] : null;
  }

  private int slotOf(AddressSpace mm) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (spaces[slot] == mm) {
        return slot;
      }
    }
    return -1;
  }
}
