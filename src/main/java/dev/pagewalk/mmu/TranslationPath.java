package dev.pagewalk.mmu;

import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The hot path: a first-level hit, a second-level hit and a walk, each where nothing is unusual.
 *
 * <p>All else leaves for {@link GeneralPath} by a tail call before anything is changed. The fields
 * are final and read in no constructor but this one's: {@link Specialiser} makes a copy of this
 * class for each MMU in which they are constants, so that the compiler folds the geometry into the
 * code. docs/performance.md says what each turn of this code is for.
 */
final class TranslationPath extends Mmu {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long PAGE = 4096;

  /** From the first tag of a second-level set back to its order. */
  private static final int ORDER_AT = -StateLayout.RECORD_HEAD;

  private final GeneralPath general;

  /** See {@link StateLayout}. */
  private final long[] words;

  private final char[] hints;
  private final int scalars;
  private final int portMask;
  private final int entryMask;
  private final int wordAt;
  private final int stampAt;
  private final int addendAt;

  /** The first-level TLB of port 0 for 4 KiB pages. */
  private final int firstBase;

  private final int firstSets;
  private final int firstWays;

  /** The second-level TLB of port 0 for 4 KiB pages. */
  private final int secondBase;

  private final int secondSets;
  private final int secondWays;
  private final int secondStride;
  private final int secondWordAt;

  /** Whether second-level hits and walks have a short path, by the geometry. */
  private final boolean shortHits;

  private final boolean shortWalks;

  /** Physical memory, as far as the short walk reads tables in it: a power of two bytes. */
  private final MemorySegment ram;

  private final long tableMask;

  TranslationPath(MmuState state, Invalidation invalidation, GeneralPath general) {
    super(state, invalidation);
    this.general = general;
    StateLayout layout = state.layout;
    this.words = layout.words;
    this.hints = layout.hints;
    this.scalars = layout.scalars;
    this.portMask = layout.portMask;
    this.entryMask = layout.entryMask;
    this.wordAt = layout.wordAt;
    this.stampAt = layout.stampAt;
    this.addendAt = layout.addendAt;
    Tlb inner = layout.mainFirst(Port.LOAD);
    this.firstBase = inner.base;
    this.firstSets = inner.sets;
    this.firstWays = inner.ways;
    Tlb outer = layout.mainSecond(Port.LOAD);
    this.shortHits =
        outer != null && isLru(inner) && isLru(outer) && outer.packed && isShared(layout);
    this.secondBase = shortHits ? outer.base : 0;
    this.secondSets = shortHits ? outer.sets : 1;
    this.secondWays = shortHits ? outer.ways : 1;
    this.secondStride = shortHits ? outer.stride : 1;
    this.secondWordAt = shortHits ? outer.wordAt : 0;
    this.shortWalks = shortHits && state.flatBytes != 0 && layout.pagingStructureCaches.isEmpty();
    this.ram = state.memory.flat().orElse(MemorySegment.NULL);
    this.tableMask = (state.flatBytes - 1) & -PAGE;
  }

  private static boolean isLru(Tlb tlb) {
    return tlb.replacement == Replacement.LRU;
  }

  /** Whether all accesses that enter by port 0 see the same second level. */
  private static boolean isShared(StateLayout layout) {
    List<Tlb> ofLoads = layout.ofPort(layout.secondLevel, Port.LOAD);
    boolean shared = true;
    for (Port port : Port.values()) {
      shared &= layout.portOf(port) != 0 || layout.ofPort(layout.secondLevel, port).equals(ofLoads);
    }
    return shared;
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
        return linearAddress + words[i + addendAt];
      }
    }
    if (!shortHits || (port | words[scalars + Scalars.IRREGULAR]) != 0) {
      return general.translate(linearAddress, access);
    }
    return missFirst(linearAddress, access, tag, hint);
  }

  private boolean allows(long word, int access) {
    int rights = scalars + (access & (AccessCode.COUNT - 1));
    return (word & words[rights + Scalars.MASK]) == words[rights + Scalars.VALUE];
  }

  /** The hint's second-level entry, if the first level surely has none. */
  private long missFirst(long linearAddress, int access, long tag, int hint) {
    int first = firstSet(linearAddress);
    for (int other = 0; other < firstWays; other++) {
      if (words[first + other] == tag) {
        return hitFirst(linearAddress, access, first + other);
      }
    }
    int set = secondSet(linearAddress);
    int way = hint >>> StateLayout.ENTRY_BITS;
    int i = set + way;
    if (words[i] != tag) {
      return shortWalks
          ? walk(linearAddress, access, tag)
          : general.translate(linearAddress, access);
    }
    long word = words[i + secondWordAt];
    if (!allows(word, access)) {
      return general.translate(linearAddress, access);
    }
    words[scalars + Scalars.SHORT_HITS]++;
    words[set + ORDER_AT] = Order.front(words[set + ORDER_AT], way, secondWays);
    return fillFirst(linearAddress, tag, word, way);
  }

  /**
   * A walk, if the second level surely has no entry, and the walk has nothing to do but to read. No
   * branch lies between its loads: addresses are masked into memory, and what was read is judged at
   * the end.
   */
  private long walk(long linearAddress, int access, long tag) {
    long root = words[scalars + Scalars.ROOT];
    long pml4e = ram.get(WORD, (root & tableMask) + ((linearAddress >>> 36) & 0xff8));
    long pdpte = ram.get(WORD, (pml4e & tableMask) + ((linearAddress >>> 27) & 0xff8));
    long pde = ram.get(WORD, (pdpte & tableMask) + ((linearAddress >>> 18) & 0xff8));
    long pte = ram.get(WORD, (pde & tableMask) + ((linearAddress >>> 9) & 0xff8));
    // 57-bit addresses never get past TABLE_UNUSUAL.
    boolean unusual = !LinearAddress.isCanonical(linearAddress, 48);
    int set = secondSet(linearAddress);
    for (int way = 0; way < secondWays; way++) {
      unusual |= words[set + way] == tag;
    }
    if (unusual) {
      return hitSecond(linearAddress, access, tag);
    }
    long any = pml4e | pdpte | pde;
    long tables = pml4e & pdpte & pde;
    long word = pte & (Cached.ADDRESS | Cached.PAT_BITS | Cached.D | Cached.KEY | Cached.XD);
    word |= tables & pte & (Cached.REGULAR | Cached.RW | Cached.US | Cached.VALID);
    word |= ((tables & Cached.RW) << 8) | (any & Cached.XD);
    long rare =
        (any & words[scalars + Scalars.TABLE_UNUSUAL])
            | (pte & words[scalars + Scalars.LEAF_UNUSUAL]);
    if (!allows(word, access) || rare != 0) {
      return general.translate(linearAddress, access);
    }
    words[scalars + Scalars.SHORT_WALKS]++;
    long order = words[set + ORDER_AT];
    int way = (int) Order.last(order, secondWays) & 15;
    int i = set + way;
    words[set + ORDER_AT] = Order.rotate(order, secondWays);
    words[i] = tag;
    words[i + secondWordAt] = word;
    return fillFirst(linearAddress, tag, word, way);
  }

  /** A first-level hit of which the hint did not know. */
  private long hitFirst(long linearAddress, int access, int i) {
    if (!allows(words[i + wordAt], access)) {
      return general.translate(linearAddress, access);
    }
    words[i + stampAt] = words[scalars + Scalars.TICKS] | i;
    int slot = StateLayout.hintSlot(linearAddress, 0);
    hints[slot] = (char) ((hints[slot] & -(1 << StateLayout.ENTRY_BITS)) | i);
    return linearAddress + words[i + addendAt];
  }

  /** A second-level hit of which the hint did not know, if there is one. */
  private long hitSecond(long linearAddress, int access, long tag) {
    int set = secondSet(linearAddress);
    for (int way = 0; way < secondWays; way++) {
      long word = words[set + way + secondWordAt];
      if (words[set + way] == tag && allows(word, access)) {
        words[scalars + Scalars.SHORT_HITS]++;
        words[set + ORDER_AT] = Order.front(words[set + ORDER_AT], way, secondWays);
        return fillFirst(linearAddress, tag, word, way);
      }
    }
    return general.translate(linearAddress, access);
  }

  private int firstSet(long linearAddress) {
    return firstBase + ((int) (linearAddress >>> 12) & (firstSets - 1)) * firstWays;
  }

  private int secondSet(long linearAddress) {
    return secondBase + ((int) (linearAddress >>> 12) & (secondSets - 1)) * secondStride;
  }

  /** Fills the first level; the physical address. */
  private long fillFirst(long linearAddress, long tag, long word, int secondWay) {
    int set = firstSet(linearAddress);
    long oldest = words[set + stampAt];
    for (int way = 1; way < firstWays; way++) {
      oldest = Math.min(oldest, words[set + way + stampAt]);
    }
    int i = (int) oldest & entryMask;
    words[i] = tag;
    words[i + wordAt] = word;
    words[i + stampAt] = words[scalars + Scalars.TICKS] | i;
    long addend = (word & Cached.ADDRESS) - (linearAddress & -PAGE);
    words[i + addendAt] = addend;
    hints[StateLayout.hintSlot(linearAddress, 0)] =
        (char) ((secondWay << StateLayout.ENTRY_BITS) | i);
    return linearAddress + addend;
  }
}
