package dev.pagewalk.mmu;

/**
 * The single numbers of an MMU's state, as offsets from {@link StateLayout#scalars}.
 *
 * <p>They lie in the array of the structures and not in fields, so that the specialised hot path
 * reaches them at constant addresses.
 */
final class Scalars {
  /** Four accesses counters, one a port, in units of {@link StateLayout#TICK}. */
  static final int TICKS = 0;

  static final int PORTS = 4;

  /** The current PCID; 0 while CR4.PCIDE = 0. */
  static final int PCID = 4;

  /** Physical address of the root table. */
  static final int ROOT = 5;

  /**
   * What the short paths must heed since everything was dropped: {@link #LARGE}, {@link #BROKEN},
   * {@link #GLOBAL}.
   */
  static final int IRREGULAR = 6;

  /** In {@link #IRREGULAR}: a piece larger than 4 KiB has been filled. */
  static final long LARGE = 1;

  /** So has one of 4 KiB of a larger page. */
  static final long BROKEN = 2;

  /** There may be global entries of other PCIDs, in {@link #GLOBAL_REGIONS}. */
  static final long GLOBAL = 4;

  /** Bits that send a walk with such a PTE to the general path. */
  static final int LEAF_UNUSUAL = 7;

  /** Bits that send a walk with such an entry above to the general path. */
  static final int TABLE_UNUSUAL = 8;

  /** Words that short walks did not read thanks to paging-structure caches. */
  static final int WORDS_SAVED = 9;

  /** By bits 47:42 of linear addresses, a bit each: a global entry may be there. */
  static final int GLOBAL_REGIONS = 10;

  /** By port: second-level hits of the short path. */
  static final int SHORT_HITS = 12;

  /** By port: walks of the short path. */
  static final int SHORT_WALKS = SHORT_HITS + PORTS;

  /** By port: the two words of the {@link PlruTree} of a fully associative first level. */
  static final int TREES = SHORT_WALKS + PORTS;

  /** By port: first-level hits of 2 MiB pieces of which a hint knew; then those of 1 GiB pieces. */
  static final int LARGE_HITS = TREES + 2 * PORTS;

  /** By access code: the bits of a {@link Cached} word that decide, if nothing is unusual. */
  static final int MASK = LARGE_HITS + 2 * PORTS + 4;

  /** By access code: what those bits must be for the access to be allowed. */
  static final int VALUE = MASK + AccessCode.COUNT;

  static final int COUNT = VALUE + AccessCode.COUNT;

  private Scalars() {}
}
