package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;

/**
 * The hot path: a first-level hit of which the hint knows.
 *
 * <p>All else leaves by a tail call before anything is changed but the count of accesses: to the
 * {@link ShortPath} of the access's port, or to {@link GeneralPath}. The fields are final and read
 * in no constructor but this one's: {@link Specialiser} makes a copy of this class for each MMU in
 * which they are constants, so that the compiler folds the geometry into the code.
 * docs/performance.md says what each turn of this code is for.
 */
final class TranslationPath extends Mmu {
  private static final long PAGE = 4096;
  private static final int SIZE_2M = PageSize.SIZE_2M.ordinal();
  private static final int SIZE_1G = PageSize.SIZE_1G.ordinal();

  private final MissPath general;

  /** What follows at port 0, {@link AccessCode#WRITE} and {@link AccessCode#FETCH}. */
  private final MissPath loads;

  private final MissPath stores;
  private final MissPath fetches;

  /** See {@link StateLayout}. */
  private final long[] words;

  private final char[] hints;
  private final int scalars;
  private final int portMask;
  private final int entryMask;
  private final int wordAt;
  private final int crowded;
  private final int seenFirst;
  private final int stampAt;
  private final int addendAt;
  private final int treeMasksAt;
  private final int treeWords;

  /**
   * A path.
   *
   * @param behind by the number of a port: what follows the first level's hint
   */
  TranslationPath(
      MmuState state, Invalidation invalidation, GeneralPath general, MissPath[] behind) {
    super(state, invalidation);
    this.general = general;
    this.loads = behind[0];
    this.stores = behind[AccessCode.WRITE];
    this.fetches = behind[AccessCode.FETCH];
    StateLayout layout = state.layout;
    this.words = layout.words;
    this.hints = layout.hints.table;
    this.scalars = layout.scalars;
    this.portMask = layout.portMask;
    this.entryMask = layout.entryMask;
    this.crowded = layout.hints.crowded;
    this.seenFirst = layout.hints.seenFirst();
    this.wordAt = layout.wordAt;
    this.stampAt = layout.stampAt;
    this.addendAt = layout.addendAt;
    this.treeMasksAt = layout.treeMasksAt;
    this.treeWords = layout.treeWords;
  }

  @Override
  public long translate(long linearAddress, int access) {
    int port = access & portMask;
    long now = words[scalars + Scalars.TICKS + port] += StateLayout.TICK;
    long tag = (linearAddress & -PAGE) | words[scalars + Scalars.PCID];
    int hint = hints[Hints.slot(linearAddress, port)];
    int i = hint & entryMask;
    if (words[i] == tag) {
      long word = words[i + wordAt];
      // Written out: the compiler leaves a call here where first-level hits are rare.
      int rights = scalars + (access & (AccessCode.COUNT - 1));
      if ((word & words[rights + Scalars.MASK]) == words[rights + Scalars.VALUE]) {
        words[i + stampAt] = now | i;
        if (treeWords > 0) {
          turnTree(port, i);
        }
        return linearAddress + words[i + addendAt];
      }
      return general.translate(linearAddress, access, tag, hint);
    }
    return miss(linearAddress, access, tag, hint);
  }

  private long miss(long linearAddress, int access, long tag, long hint) {
    return words[scalars + Scalars.IRREGULAR] == 0
        ? behind(linearAddress, access, tag, hint)
        : missAmongLarge(linearAddress, access, tag, hint);
  }

  /** What {@link #miss} is where there may be large pieces, or global entries of other PCIDs. */
  private long missAmongLarge(long linearAddress, int access, long tag, long hint) {
    int port = access & portMask;
    int hint2m = hints[Hints.largeSlot(linearAddress, SIZE_2M, port)];
    int hint1g = hints[Hints.largeSlot(linearAddress, SIZE_1G, port)];
    // Of several pieces that hold an address the smallest comes first. MODEL: so it would if
    // software has changed the size of a page and not invalidated; then either is right.
    if ((words[scalars + Scalars.IRREGULAR] & Scalars.BROKEN) == 0) {
      if (hits(linearAddress, access, SIZE_2M, hint2m & entryMask)) {
        words[scalars + Scalars.LARGE_HITS + port]++;
        return useLarge(linearAddress, port, hint2m & entryMask);
      }
      boolean mayBeSmaller = (hint2m & seenFirst) != 0;
      if (!mayBeSmaller && hits(linearAddress, access, SIZE_1G, hint1g & entryMask)) {
        words[scalars + Scalars.LARGE_HITS + Scalars.PORTS + port]++;
        return useLarge(linearAddress, port, hint1g & entryMask);
      }
    }
    boolean mayBeLarge = ((hint2m | hint1g) & crowded) != 0;
    long regions = words[scalars + Scalars.GLOBAL_REGIONS];
    boolean mayBeGlobal = ((regions >>> (linearAddress >>> MmuState.REGION_SHIFT)) & 1) != 0;
    return mayBeLarge || mayBeGlobal
        ? general.translate(linearAddress, access, tag, hint)
        : behind(linearAddress, access, tag, hint);
  }

  /** Whether the first-level entry at {@code i} is of a large piece and allows the access. */
  private boolean hits(long linearAddress, int access, int size, int i) {
    int rights = scalars + (access & (AccessCode.COUNT - 1));
    long mask = (words[rights + Scalars.MASK] & ~Cached.REGULAR) | Cached.SIZE;
    long value = (words[rights + Scalars.VALUE] & ~Cached.REGULAR) | Cached.ofSize(size);
    return words[i] == Tlb.tag(linearAddress, size, words[scalars + Scalars.PCID])
        && (words[i + wordAt] & mask) == value;
  }

  private long useLarge(long linearAddress, int port, int i) {
    words[i + stampAt] = words[scalars + Scalars.TICKS + port] | i;
    if (treeWords > 0) {
      turnTree(port, i);
    }
    return linearAddress + words[i + addendAt];
  }

  /** What follows the first level's hint at the access's port. */
  private long behind(long linearAddress, int access, long tag, long hint) {
    int port = access & portMask;
    if (port == 0) {
      return loads.translate(linearAddress, access, tag, hint);
    }
    return port == AccessCode.WRITE
        ? stores.translate(linearAddress, access, tag, hint)
        : fetches.translate(linearAddress, access, tag, hint);
  }

  /** Turns the nodes of the port's {@link PlruTree} away from the entry at {@code i}. */
  private void turnTree(int port, int i) {
    for (int part = 0; part < treeWords; part++) {
      int tree = scalars + Scalars.TREES + 2 * port + part;
      int masks = i + treeMasksAt + 2 * part * wordAt;
      words[tree] = (words[tree] & words[masks]) | words[masks + wordAt];
    }
  }
}
