package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import java.util.List;

/**
 * The short paths of one port: a first-level hit of which the hint did not know, a second-level hit
 * and a walk, each where nothing is unusual.
 *
 * <p>All else leaves for {@link GeneralPath} by a tail call before anything is changed. As of
 * {@link TranslationPath}, {@link Specialiser} makes copies of this class.
 */
final class ShortPath extends MissPath {
  private static final long PAGE = 4096;

  private final GeneralPath general;
  private final int port;

  /** See {@link StateLayout}. */
  private final long[] words;

  private final char[] hints;
  private final int scalars;
  private final int entryMask;
  private final int crowded;
  private final int wayShift;
  private final int wordAt;
  private final int stampAt;
  private final int addendAt;

  /** The first-level TLB for 4 KiB pages. */
  private final Tlb first;

  private final int firstBase;
  private final int firstSets;
  private final int firstWays;
  private final boolean firstIsWide;
  private final boolean firstIsLru;
  private final boolean firstIsSmallTree;
  private final int firstTreeAt;
  private final PlruTree firstTree;

  /** The second-level TLB for 4 KiB pages, or null. */
  private final Bank second;

  /** Null if walks have no short path. */
  private final WalkPath walker;

  /**
   * A path.
   *
   * @param walker null if walks have no short path
   */
  ShortPath(MmuState state, GeneralPath general, Port port, WalkPath walker) {
    this.general = general;
    StateLayout layout = state.layout;
    this.port = layout.portOf(port);
    this.words = layout.words;
    this.hints = layout.hints;
    this.scalars = layout.scalars;
    this.entryMask = layout.entryMask;
    this.crowded = layout.crowded;
    this.wayShift = layout.wayShift;
    this.wordAt = layout.wordAt;
    this.stampAt = layout.stampAt;
    this.addendAt = layout.addendAt;
    this.first = layout.mainFirst(port);
    this.firstBase = first.base;
    this.firstSets = first.sets;
    this.firstWays = first.ways;
    this.firstIsWide = StateLayout.isWide(first.geometry);
    this.firstIsLru = first.replacement == Replacement.LRU;
    this.firstIsSmallTree =
        first.replacement == Replacement.TREE_PLRU && firstWays <= SmallTree.MOST_WAYS;
    this.firstTreeAt = first.treeAt == 0 ? 0 : first.base + first.treeAt;
    this.firstTree = first.tree;
    this.second = Bank.of(layout.mainSecond(port), Level.PT.shift());
    this.walker = walker;
  }

  /** Whether all accesses that enter by the same port as {@code port}'s see one second level. */
  static boolean serves(StateLayout layout, Port port) {
    List<Tlb> own = layout.ofPort(layout.secondLevel, port);
    boolean shared = true;
    for (Port other : Port.values()) {
      boolean same = layout.ofPort(layout.secondLevel, other).equals(own);
      shared &= same || layout.portOf(other) != layout.portOf(port);
    }
    return shared;
  }

  private boolean allows(long word, int access) {
    int rights = scalars + (access & (AccessCode.COUNT - 1));
    return (word & words[rights + Scalars.MASK]) == words[rights + Scalars.VALUE];
  }

  /** The hint's second-level entry, if the first level surely has none. */
  @Override
  long translate(long linearAddress, int access, long tag, int hint) {
    if (firstIsWide) {
      if ((hint & crowded) != 0 || words[hint & entryMask] == tag) {
        return searchFirst(linearAddress, access, tag, hint);
      }
    } else {
      int set = firstSet(linearAddress);
      for (int way = 0; way < firstWays; way++) {
        if (words[set + way] == tag) {
          return hitFirst(linearAddress, access, set + way);
        }
      }
    }
    return missFirst(linearAddress, access, tag, hint);
  }

  /** Searches a wide first level for an entry of which the hint does not know. */
  private long searchFirst(long linearAddress, int access, long tag, int hint) {
    boolean others = false;
    for (int i = firstBase; i < firstBase + firstWays; i++) {
      if (words[i] == tag) {
        return hitFirst(linearAddress, access, i);
      }
      others |= StateLayout.isSameSlot(words[i], linearAddress);
    }
    if (!others) {
      hints[StateLayout.hintSlot(linearAddress, port)] &= (char) ~crowded;
    }
    return missFirst(linearAddress, access, tag, hint);
  }

  private long missFirst(long linearAddress, int access, long tag, int hint) {
    if (second == null) {
      return walk(linearAddress, access, tag);
    }
    int set = second.set(linearAddress);
    int way = hint >>> wayShift;
    if (words[set + way] != tag) {
      return walk(linearAddress, access, tag);
    }
    long word = words[set + way + second.wordAt()];
    if (!allows(word, access)) {
      return general.translate(linearAddress, access);
    }
    words[scalars + Scalars.SHORT_HITS + port]++;
    second.use(set, way);
    return fillFirst(linearAddress, tag, word, way);
  }

  /** A walk, if the second level surely has no entry. */
  private long walk(long linearAddress, int access, long tag) {
    long word = walker == null ? WalkPath.UNUSUAL : walker.walk(linearAddress, access, tag);
    if (word == WalkPath.UNUSUAL) {
      return hitSecond(linearAddress, access, tag);
    }
    words[scalars + Scalars.SHORT_WALKS + port]++;
    int way = second == null ? 0 : second.put(second.set(linearAddress), tag, word);
    return fillFirst(linearAddress, tag, word, way);
  }

  /** A first-level hit of which the hint did not know. */
  private long hitFirst(long linearAddress, int access, int i) {
    if (!allows(words[i + wordAt], access)) {
      return general.translate(linearAddress, access);
    }
    useFirst(i);
    int slot = StateLayout.hintSlot(linearAddress, port);
    hints[slot] = (char) ((hints[slot] & ~entryMask) | i);
    return linearAddress + words[i + addendAt];
  }

  /** A second-level hit of which the hint did not know, if there is one. */
  private long hitSecond(long linearAddress, int access, long tag) {
    if (second == null) {
      return general.translate(linearAddress, access);
    }
    int set = second.set(linearAddress);
    int way = second.find(set, tag);
    if (way < 0) {
      return general.translate(linearAddress, access);
    }
    long word = words[set + way + second.wordAt()];
    if (!allows(word, access)) {
      return general.translate(linearAddress, access);
    }
    words[scalars + Scalars.SHORT_HITS + port]++;
    second.use(set, way);
    return fillFirst(linearAddress, tag, word, way);
  }

  private int firstSet(long linearAddress) {
    return firstBase + ((int) (linearAddress >>> 12) & (firstSets - 1)) * firstWays;
  }

  /** Makes the first-level entry at {@code i} the last used. */
  private void useFirst(int i) {
    words[i + stampAt] = words[scalars + Scalars.TICKS + port] | i;
    if (firstTreeAt != 0) {
      firstTree.use(words, firstTreeAt, i - firstBase);
    }
  }

  /** Fills the first level; the physical address. */
  private long fillFirst(long linearAddress, long tag, long word, int secondWay) {
    int slot = StateLayout.hintSlot(linearAddress, port);
    int hint = secondWay << wayShift;
    if (firstIsWide) {
      int old = hints[slot];
      boolean another = StateLayout.isSameSlot(words[old & entryMask], linearAddress);
      hint |= (old & crowded) | (another ? crowded : 0);
    }
    int i = firstVictim(firstSet(linearAddress));
    words[i] = tag;
    words[i + wordAt] = word;
    useFirst(i);
    long addend = (word & Cached.ADDRESS) - (linearAddress & -PAGE);
    words[i + addendAt] = addend;
    hints[slot] = (char) (hint | i);
    return linearAddress + addend;
  }

  /** The entry of the first-level set that is to be filled. */
  private int firstVictim(int set) {
    if (firstIsLru) {
      long oldest = words[set + stampAt];
      for (int way = 1; way < firstWays; way++) {
        oldest = Math.min(oldest, words[set + way + stampAt]);
      }
      return (int) oldest & entryMask;
    }
    if (firstIsSmallTree) {
      return (int) SmallTree.victim(words, set + stampAt, firstWays) & entryMask;
    }
    boolean full = firstTreeAt != 0 && (words[firstTreeAt] & PlruTree.FULL) != 0;
    return set + (full ? firstTree.victim(words, firstTreeAt) : first.victim(set));
  }
}
