package dev.pagewalk.mmu;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.TlbGeometry;
import java.util.Arrays;

/**
 * For the low bits of a page number, and each port: which TLB entries had such a page last.
 *
 * <p>A hint has the index of a first-level entry at the bottom, then {@link #crowded} and {@link
 * #crowdedSecond}, and at the top the way of a second-level entry. That it names an entry proves
 * nothing: the entry's own tag does. But unless a flag says so, no other entry of that level has a
 * page with the same hint; so one look proves that a level does not have a page.
 */
final class Hints {
  /**
   * Bits of the page number that choose a hint: no fewer than those that choose a set, of 4,096 at
   * most, so that all pages with the same hint go to the same set.
   */
  static final int BITS = 14;

  /** Where those bits stand in a linear address. */
  private static final long NUMBER = ((1L << BITS) - 1) << 12;

  /** Bits of the number of a large page that choose a hint. */
  private static final int LARGE_BITS = BITS - 1;

  /** Index of the first hint for a large page: behind those of four ports. */
  private static final int LARGE = 1 << (BITS + 2);

  /** As chars have 16 bits, so have hints. */
  final char[] table = new char[2 * LARGE];

  /** Mask for an index of a first-level entry. */
  final int entryMask;

  /**
   * There may be other first-level entries for such pages than the one that the hint names. In the
   * hint of a large piece: a TLB has had such a piece.
   */
  final int crowded;

  /**
   * There may be other second-level entries for such pages than the one that the hint names. 0 if
   * hints have no room for ways: then nothing is known of the second level.
   */
  final int crowdedSecond;

  /** Bits of a hint below the way; 16 if ways have no room. */
  final int wayShift;

  private final StateLayout layout;

  /** By the number of a port: the first entry of the first-level TLB for 4 KiB pages. */
  private final int[] mainEntries = new int[Scalars.PORTS];

  /** Hints for large pieces that are not as they are at first, as long as they are few. */
  private final int[] largeHints = new int[64];

  /** How many of them there are; {@link #largeHints} has no room for more. */
  private int largeHintCount = largeHints.length + 1;

  /** Hints that name nothing, for the TLBs that {@code layout} has. */
  Hints(StateLayout layout, CpuModel model) {
    this.layout = layout;
    this.entryMask = layout.entryMask;
    this.crowded = entryMask + 1;
    this.wayShift = wayShift(model);
    this.crowdedSecond = wayShift < Character.SIZE ? 2 * crowded : 0;
    for (Port port : Port.values()) {
      // A hint that was never set names an entry of the port's own, which its tag does not prove.
      int number = layout.portOf(port);
      int from = number << BITS;
      mainEntries[number] = layout.mainFirst(port).base;
      Arrays.fill(table, from, from + (1 << BITS), (char) mainEntries[number]);
    }
    forgetLargePieces();
  }

  private int wayShift(CpuModel model) {
    int ways = 1;
    for (TlbGeometry tlb : model.secondLevel()) {
      ways = Math.max(ways, tlb.shape().ways());
    }
    int shift = Character.SIZE - Integer.numberOfTrailingZeros(StateLayout.roundUp(ways));
    return 1 << shift > 2 * crowded ? shift : Character.SIZE;
  }

  /** Index of the hint for {@code linearAddress} at the port with that number. */
  static int slot(long linearAddress, int port) {
    return (int) ((linearAddress >>> 12) & ((1 << BITS) - 1)) | (port << BITS);
  }

  /** Index of the hint for a piece of 2 MiB or 1 GiB, by the size's ordinal. */
  static int largeSlot(long linearAddress, int size, int port) {
    // Hashed, since mappings begin at round addresses.
    long number = (linearAddress >>> Tlb.shift(size)) * 0x9e3779b97f4a7c15L;
    int part = 2 * port + size - 1;
    return LARGE | (part << LARGE_BITS) | (int) (number >>> (Long.SIZE - LARGE_BITS));
  }

  /** Whether pages at both addresses have the same hint. */
  static boolean share(long linearAddress, long other) {
    return ((linearAddress ^ other) & NUMBER) == 0;
  }

  /** {@code flag} if pages at both addresses have the same hint, else 0; without a branch. */
  static long ifShared(long linearAddress, long other, long flag) {
    return ((((linearAddress ^ other) & NUMBER) - 1) >> 63) & flag;
  }

  /**
   * The hint for {@code linearAddress} shall name the first-level entry at {@code i}, which has
   * just been used or filled.
   */
  void set(long linearAddress, int port, int i) {
    int slot = slot(linearAddress, port);
    int old = table[slot];
    boolean another = (old & entryMask) != i && share(linearAddress, layout.words[old & entryMask]);
    table[slot] = (char) ((old & ~entryMask) | (another ? crowded : 0) | i);
  }

  /** As {@link #set}, and the hint shall name {@code way} of the second level. */
  void set(long linearAddress, int port, int i, int way) {
    set(linearAddress, port, i);
    int slot = slot(linearAddress, port);
    int kept = table[slot] & ((1 << wayShift) - 1);
    table[slot] = (char) (kept | (way << wayShift));
  }

  /** A second-level TLB is filled with a piece of 4 KiB. */
  void noteSecondLevel(long linearAddress) {
    for (int port = 0; port < Scalars.PORTS; port++) {
      table[slot(linearAddress, port)] |= (char) crowdedSecond;
    }
  }

  /** Sets the hint for the large piece in the first-level entry at {@code i}. */
  void setLarge(long linearAddress, PageSize size, int port, int i) {
    table[largeSlot(linearAddress, size.ordinal(), port)] = (char) (crowded | seenFirst() | i);
  }

  /** Notes in the hints of all ports that some TLB has had such a piece. */
  void noteLargePiece(long linearAddress, PageSize size) {
    for (int port = 0; port < Scalars.PORTS; port++) {
      int slot = largeSlot(linearAddress, size.ordinal(), port);
      if ((table[slot] & crowded) == 0) {
        if (largeHintCount < largeHints.length) {
          largeHints[largeHintCount] = slot;
        }
        largeHintCount = Math.min(largeHintCount, largeHints.length) + 1;
        table[slot] |= (char) crowded;
      }
    }
  }

  /** No TLB has a large piece. */
  void forgetLargePieces() {
    if (largeHintCount > largeHints.length) {
      for (int port = 0; port < Scalars.PORTS; port++) {
        int from = LARGE | ((2 * port) << LARGE_BITS);
        Arrays.fill(table, from, from + (2 << LARGE_BITS), (char) mainEntries[port]);
      }
    } else {
      for (int i = 0; i < largeHintCount; i++) {
        int port = (largeHints[i] & (LARGE - 1)) >>> (LARGE_BITS + 1);
        table[largeHints[i]] = (char) mainEntries[port];
      }
    }
    largeHintCount = 0;
  }

  /** In the hint of a large piece: a first-level TLB of the port has had such a piece. */
  int seenFirst() {
    return 2 * crowded;
  }
}
