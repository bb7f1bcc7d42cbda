package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import java.util.Arrays;
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
  private final long crowded;
  private final long crowdedSecond;
  private final int wayShift;
  private final int wordAt;
  private final int stampAt;
  private final int addendAt;

  /** The first-level TLB for 4 KiB pages. */
  private final Tlb first;

  private final int firstBase;
  private final int firstSets;
  private final int firstWays;
  private final boolean firstIsLru;
  private final boolean firstIsSmallTree;
  private final int firstTreeAt;
  private final PlruTree firstTree;

  /** The second-level TLB for 4 KiB pages, or null. */
  private final Bank second;

  /** Whether the hints' flag for the second level is right. */
  private final boolean secondIsKnown;

  /** Other ports whose flags must be right when this one fills the second level; or this one. */
  private final int nextPort;

  private final int lastPort;

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
    this.hints = layout.hints.table;
    this.scalars = layout.scalars;
    this.entryMask = layout.entryMask;
    this.crowded = layout.hints.crowded;
    this.crowdedSecond = layout.hints.crowdedSecond;
    this.wayShift = layout.hints.wayShift;
    this.wordAt = layout.wordAt;
    this.stampAt = layout.stampAt;
    this.addendAt = layout.addendAt;
    this.first = layout.mainFirst(port);
    this.firstBase = first.base;
    this.firstSets = first.sets;
    this.firstWays = first.ways;
    this.firstIsLru = first.replacement == Replacement.LRU;
    this.firstIsSmallTree =
        first.replacement == Replacement.TREE_PLRU && firstWays <= SmallTree.MOST_WAYS;
    this.firstTreeAt = first.treeAt == 0 ? 0 : first.base + first.treeAt;
    this.firstTree = first.tree;
    this.second = Bank.of(layout.mainSecond(port), Level.PT.shift());
    int[] others = sharers(layout, port);
    int[] told = told(layout, others);
    this.secondIsKnown = crowdedSecond != 0 && (isTold(layout, this.port) || others.length == 0);
    this.nextPort = told.length > 0 ? told[0] : this.port;
    this.lastPort = told.length > 1 ? told[1] : this.port;
    this.walker = walker;
  }

  /** Numbers of the other ports that have the same second-level TLB. */
  private static int[] sharers(StateLayout layout, Port port) {
    return Arrays.stream(Port.values())
        .filter(other -> layout.mainSecond(other) == layout.mainSecond(port))
        .mapToInt(layout::portOf)
        .filter(number -> number != layout.portOf(port))
        .distinct()
        .toArray();
  }

  private static int[] told(StateLayout layout, int[] ports) {
    return Arrays.stream(ports).filter(number -> isTold(layout, number)).toArray();
  }

  /** All are but fetches with a first level of their own: data is not to pay for them. */
  private static boolean isTold(StateLayout layout, int number) {
    return number == layout.portOf(Port.LOAD) || number == layout.portOf(Port.STORE);
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

  /** An access to a page that is not in the first-level entry which the hint names. */
  @Override
  long translate(long linearAddress, int access, long tag, long hint) {
    if ((hint & crowded) != 0) {
      return searchFirst(linearAddress, access, tag, hint);
    }
    return missFirst(linearAddress, access, tag, hint);
  }

  /** Searches the first level for an entry that the hint does not name. */
  private long searchFirst(long linearAddress, int access, long tag, long hint) {
    boolean others = false;
    int set = firstSet(linearAddress);
    for (int i = set; i < set + firstWays; i++) {
      if (words[i] == tag) {
        return hitFirst(linearAddress, access, i);
      }
      others |= Hints.share(linearAddress, words[i]);
    }
    return missFirst(linearAddress, access, tag, others ? hint : hint & ~crowded);
  }

  /** The first level does not have the page. */
  private long missFirst(long linearAddress, int access, long tag, long hint) {
    if (second == null) {
      return walk(linearAddress, access, tag, hint);
    }
    long named = words[second.set(linearAddress) + way(hint)];
    if (named == tag) {
      return hitSecond(linearAddress, access, tag, hint);
    }
    if (!secondIsKnown || (hint & crowdedSecond) != 0) {
      return searchSecond(linearAddress, access, tag, hint);
    }
    long flag = Hints.ifShared(linearAddress, named, crowdedSecond);
    return walk(linearAddress, access, tag, hint | flag);
  }

  /** Searches the second level for an entry that the hint does not name. */
  private long searchSecond(long linearAddress, int access, long tag, long hint) {
    boolean others = false;
    int set = second.set(linearAddress);
    for (int way = 0; way < second.ways(); way++) {
      long other = words[set + way];
      if (other == tag) {
        return hitSecond(linearAddress, access, tag, withWay(hint, way));
      }
      others |= Hints.share(linearAddress, other);
    }
    return walk(linearAddress, access, tag, others ? hint : hint & ~crowdedSecond);
  }

  /** A first-level hit of which the hint did not know. */
  private long hitFirst(long linearAddress, int access, int i) {
    if (!allows(words[i + wordAt], access)) {
      return general.translate(linearAddress, access);
    }
    useFirst(i);
    int slot = Hints.slot(linearAddress, port);
    hints[slot] = (char) ((hints[slot] & ~entryMask) | i);
    return linearAddress + words[i + addendAt];
  }

  /** A hit of the second-level entry that the hint names. */
  private long hitSecond(long linearAddress, int access, long tag, long hint) {
    int set = second.set(linearAddress);
    int way = way(hint);
    long word = words[set + way + second.wordAt()];
    if (!allows(word, access)) {
      return general.translate(linearAddress, access);
    }
    words[scalars + Scalars.SHORT_HITS + port]++;
    second.use(set, way);
    return fillFirst(linearAddress, tag, word, hint);
  }

  /** A walk to a page that neither level has; the second level's flag is for when it will. */
  private long walk(long linearAddress, int access, long tag, long hint) {
    long word = walker == null ? WalkPath.UNUSUAL : walker.walk(linearAddress, access);
    if (word == WalkPath.UNUSUAL) {
      return general.translate(linearAddress, access);
    }
    words[scalars + Scalars.SHORT_WALKS + port]++;
    if (second == null) {
      return fillFirst(linearAddress, tag, word, hint);
    }
    int way = second.put(second.set(linearAddress), tag, word);
    tellOtherPorts(linearAddress);
    return fillFirst(linearAddress, tag, word, withWay(hint, way));
  }

  /** The hints of those ports do not name the second-level entry that was filled. */
  private void tellOtherPorts(long linearAddress) {
    if (nextPort != port) {
      hints[Hints.slot(linearAddress, nextPort)] |= (char) crowdedSecond;
    }
    if (lastPort != port) {
      hints[Hints.slot(linearAddress, lastPort)] |= (char) crowdedSecond;
    }
  }

  /** The second-level way that the hint names. */
  private int way(long hint) {
    return (int) (hint >>> wayShift);
  }

  private long withWay(long hint, int way) {
    return (hint & ((1 << wayShift) - 1)) | ((long) way << wayShift);
  }

  private int firstSet(long linearAddress) {
    return (int) (firstBase + ((linearAddress >>> 12) & (firstSets - 1)) * firstWays);
  }

  /** Makes the first-level entry at {@code i} the last used. */
  private void useFirst(int i) {
    words[i + stampAt] = words[scalars + Scalars.TICKS + port] | i;
    if (firstTreeAt != 0) {
      firstTree.use(words, firstTreeAt, i - firstBase);
    }
  }

  /** Fills the first level; the physical address. What the hint says of the second is kept. */
  private long fillFirst(long linearAddress, long tag, long word, long hint) {
    boolean another = Hints.share(linearAddress, words[(int) hint & entryMask]);
    int i = firstVictim(firstSet(linearAddress));
    words[i] = tag;
    words[i + wordAt] = word;
    useFirst(i);
    long addend = (word & Cached.ADDRESS) - (linearAddress & -PAGE);
    words[i + addendAt] = addend;
    hints[Hints.slot(linearAddress, port)] =
        (char) ((hint & ~entryMask) | (another ? crowded : 0) | i);
    return linearAddress + addend;
  }

  /** The entry of the first-level set that is to be filled. */
  private int firstVictim(int set) {
    if (firstIsLru) {
      long oldest = words[set + stampAt];
      for (int way = 1; way < firstWays; way++) {
        oldest = Math.min(oldest, words[set + way + stampAt]);
      }
      return (int) (oldest & entryMask);
    }
    if (firstIsSmallTree) {
      return (int) (SmallTree.victim(words, set + stampAt, firstWays) & entryMask);
    }
    boolean full = firstTreeAt != 0 && (words[firstTreeAt] & PlruTree.FULL) != 0;
    return set + (full ? firstTree.victim(words, firstTreeAt) : first.victim(set));
  }
}
