package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;

/**
 * Entries of page tables as Linux writes them on x86-64: present, PROT_NONE, swapped, and markers.
 *
 * <p>An entry whose P bit is clear belongs to the kernel: the processor ignores all its other bits.
 *
 * <ul>
 *   <li>PROT_NONE: bit 8 is set; the frame number is inverted, as a processor with L1TF would else
 *       look into the cache at the address that it finds there.
 *   <li>Swap entry: the type in bits 63:59, the inverted offset in bits 58:9, and bit 3 set if the
 *       page belongs to this process alone.
 *   <li>Marker: a swap entry of the last type; its offset says what is marked.
 * </ul>
 *
 * <p>A dirty entry that is made read-only keeps its dirty state in bit 58: R/W = 0 with D = 1 means
 * a shadow stack to the processor.
 */
final class Pte {
  static final long PRESENT = Entry.P;
  static final long RW = Entry.RW;
  static final long USER = Entry.US;
  static final long ACCESSED = Entry.A;
  static final long DIRTY = Entry.D;
  static final long HUGE = Entry.PS;
  static final long PROTNONE = Entry.G;
  static final long SPECIAL = 1L << 9;
  static final long SAVED_DIRTY = 1L << 58;
  private static final int SAVED_DIRTY_SHIFT =
      Long.numberOfTrailingZeros(SAVED_DIRTY) - Long.numberOfTrailingZeros(DIRTY);
  static final long NX = Entry.XD;
  static final long ANY_DIRTY = DIRTY | SAVED_DIRTY;

  /** Entry of a table of the next level. */
  static final long TABLE = PRESENT | RW | USER | ACCESSED | DIRTY;

  /** What {@link #modify} keeps. */
  private static final long KEPT =
      Entry.ADDRESS | Entry.PCD | Entry.PWT | SPECIAL | ACCESSED | ANY_DIRTY;

  private static final int SWAP_TYPE_BITS = 5;
  private static final int SWAP_OFFSET_SHIFT = 14;
  private static final long SWAP_EXCLUSIVE = Entry.PWT;
  private static final int MARKER_TYPE = (1 << SWAP_TYPE_BITS) - 1;
  private static final long GUARD_OFFSET = 4;

  /** A guard page: a touch of it is SIGSEGV. */
  static final long GUARD = swap(MARKER_TYPE, GUARD_OFFSET);

  private Pte() {}

  static boolean isNone(long entry) {
    return (entry & ~(ACCESSED | DIRTY)) == 0;
  }

  /** Whether there is a frame behind the entry, even if PROT_NONE hides it from the processor. */
  static boolean isPresent(long entry) {
    return (entry & (PRESENT | PROTNONE)) != 0;
  }

  /** Whether an entry of a page directory maps a huge page. */
  static boolean isHuge(long entry) {
    return isPresent(entry) && (entry & HUGE) != 0;
  }

  static boolean isWritable(long entry) {
    return (entry & RW) != 0;
  }

  static boolean isYoung(long entry) {
    return (entry & ACCESSED) != 0;
  }

  static boolean isDirty(long entry) {
    return (entry & ANY_DIRTY) != 0;
  }

  /** An entry for frame {@code pfn} with the bits {@code prot}. */
  static long of(long pfn, long prot) {
    return (flips(prot) ? ~(pfn << 12) & Entry.ADDRESS : pfn << 12) | prot;
  }

  /** The frame of a present entry. */
  static long pfn(long entry) {
    return ((flips(entry) ? ~entry : entry) & Entry.ADDRESS) >>> 12;
  }

  /** Whether the frame number of such an entry is inverted. */
  private static boolean flips(long entry) {
    return (entry & PRESENT) == 0;
  }

  /** {@code entry} with the rights {@code prot}; frame, A and D are kept. */
  static long modify(long entry, long prot) {
    long kept = entry & KEPT & ~Entry.ADDRESS;
    long size = entry & HUGE;
    return settleDirty(of(pfn(entry), prot & ~ACCESSED) | kept | size);
  }

  static long writable(long entry) {
    return settleDirty(entry | RW);
  }

  static long readOnly(long entry) {
    return (entry & ~(RW | DIRTY)) | (entry & DIRTY) << SAVED_DIRTY_SHIFT;
  }

  static long dirty(long entry) {
    return settleDirty(entry | DIRTY);
  }

  static long clean(long entry) {
    return entry & ~ANY_DIRTY;
  }

  static long young(long entry) {
    return entry | ACCESSED;
  }

  static long old(long entry) {
    return entry & ~ACCESSED;
  }

  /** Puts the dirty state where the processor may see it: in D if writable, else in bit 58. */
  private static long settleDirty(long entry) {
    if (!isDirty(entry)) {
      return entry;
    }
    return (entry & ~ANY_DIRTY) | (isWritable(entry) ? DIRTY : SAVED_DIRTY);
  }

  // --- swap entries and markers ---

  /**
   * A swap entry.
   *
   * @param type which swap area, 0 to 30
   * @param offset of the slot, in pages
   */
  static long swap(int type, long offset) {
    return ~offset << SWAP_OFFSET_SHIFT >>> SWAP_TYPE_BITS | (long) type << (64 - SWAP_TYPE_BITS);
  }

  /** Whether the entry is a swap entry of an area, no marker. */
  static boolean isSwap(long entry) {
    return !isNone(entry) && !isPresent(entry) && swapType(entry) != MARKER_TYPE;
  }

  static boolean isMarker(long entry) {
    return !isNone(entry) && !isPresent(entry) && swapType(entry) == MARKER_TYPE;
  }

  static boolean isGuard(long entry) {
    return isMarker(entry) && swapOffset(entry) == GUARD_OFFSET;
  }

  static int swapType(long entry) {
    return (int) (entry >>> (64 - SWAP_TYPE_BITS));
  }

  static long swapOffset(long entry) {
    return ~entry << SWAP_TYPE_BITS >>> SWAP_OFFSET_SHIFT;
  }

  static boolean isSwapExclusive(long entry) {
    return (entry & SWAP_EXCLUSIVE) != 0;
  }

  static long swapExclusive(long entry) {
    return entry | SWAP_EXCLUSIVE;
  }

  static long swapShared(long entry) {
    return entry & ~SWAP_EXCLUSIVE;
  }

  // --- rights of a VMA ---

  /**
   * The bits of an entry of a VMA with {@code flags}.
   *
   * <p>A is set from the start. A private writable mapping is read-only here: what may be written
   * is made so page by page.
   *
   * @param flags of {@link VmFlag}
   */
  static long prot(long flags) {
    if ((flags & VmFlag.ACCESS) == 0) {
      return PROTNONE | ACCESSED | key(flags);
    }
    long prot = PRESENT | USER | ACCESSED | key(flags);
    if ((flags & VmFlag.WRITE) != 0 && (flags & VmFlag.SHARED) != 0) {
      prot |= RW;
    }
    return (flags & VmFlag.EXEC) != 0 ? prot : prot | NX;
  }

  private static long key(long flags) {
    return (flags & VmFlag.PKEY) >>> VmFlag.PKEY_SHIFT << Entry.KEY_SHIFT;
  }
}
