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

  /** Not 0 once a large piece or a global entry has been filled since everything was dropped. */
  static final int IRREGULAR = 6;

  /** Bits that send a walk with such a PTE to the general path. */
  static final int LEAF_UNUSUAL = 7;

  /** Bits that send a walk with such an entry above to the general path. */
  static final int TABLE_UNUSUAL = 8;

  /** Words that short walks did not read thanks to paging-structure caches. */
  static final int WORDS_SAVED = 9;

  /** By port: second-level hits of the short path. */
  static final int SHORT_HITS = 12;

  /** By port: walks of the short path. */
  static final int SHORT_WALKS = SHORT_HITS + PORTS;

  /** By port: the two words of the {@link PlruTree} of a fully associative first level. */
  static final int TREES = SHORT_WALKS + PORTS;

  /** By access code: the bits of a {@link Cached} word that decide, if nothing is unusual. */
  static final int MASK = TREES + 2 * PORTS + 4;

  /** By access code: what those bits must be for the access to be allowed. */
  static final int VALUE = MASK + AccessCode.COUNT;

  static final int COUNT = VALUE + AccessCode.COUNT;

  private Scalars() {}
}
