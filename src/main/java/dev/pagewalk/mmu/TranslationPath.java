package dev.pagewalk.mmu;

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
  private final int stampAt;
  private final int addendAt;
  private final int treeMasksAt;
  private final int treeWords;

  /**
   * A path.
   *
   * @param behind by the kind of an access: what follows the first level's hint
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
    this.hints = layout.hints;
    this.scalars = layout.scalars;
    this.portMask = layout.portMask;
    this.entryMask = layout.entryMask;
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
    int hint = hints[StateLayout.hintSlot(linearAddress, port)];
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
    }
    return miss(linearAddress, access, tag, hint);
  }

  private long miss(long linearAddress, int access, long tag, int hint) {
    if (words[scalars + Scalars.IRREGULAR] != 0) {
      return general.translate(linearAddress, access, tag, hint);
    }
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
