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

  private final AddressSpace[] spaces = new AddressSpace[SLOTS];
  private final long[] generations = new long[SLOTS];
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
    return mm.root() | slot + 1 | (upToDate ? NO_FLUSH : 0);
  }

  /** Says that the core has dropped all that it owed for the address space it has loaded. */
  public void flushed() {
    generations[current] = spaces[current].tlbGeneration();
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

  private int slotOf(AddressSpace mm) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (spaces[slot] == mm) {
        return slot;
      }
    }
    return -1;
  }
}
