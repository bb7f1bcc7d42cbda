package dev.pagewalk.mmu;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

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

  private final GeneralPath general;

  /** See {@link StateLayout}. */
  private final long[] first;

  private final long[] second;
  private final int[] hints;
  private final int scalars;
  private final int portMask;
  private final int entryMask;
  private final int wordAt;
  private final int stampAt;
  private final int secondMask;

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
    this.first = layout.first;
    this.second = layout.second;
    this.hints = layout.hints;
    this.scalars = layout.scalars;
    this.portMask = layout.portMask;
    this.entryMask = layout.entryMask;
    this.wordAt = layout.wordAt;
    this.stampAt = layout.stampAt;
    this.secondMask = layout.secondMask;
    Tlb one = layout.mainFirst(Port.LOAD);
    this.firstBase = one.base;
    this.firstSets = one.sets;
    this.firstWays = one.ways;
    Tlb two = layout.mainSecond(Port.LOAD);
    this.shortHits = two != null && isShort(one) && isShort(two) && two.packed && isShared(layout);
    this.secondBase = shortHits ? two.base : 0;
    this.secondSets = shortHits ? two.sets : 1;
    this.secondWays = shortHits ? two.ways : 1;
    this.secondStride = shortHits ? two.stride : 1;
    this.secondWordAt = shortHits ? two.wordAt : 0;
    this.shortWalks = shortHits && state.flatBytes != 0 && layout.pagingStructureCaches.isEmpty();
    this.ram = state.memory.flat().orElse(MemorySegment.NULL);
    this.tableMask = (state.flatBytes - 1) & -PAGE;
  }

  private static boolean isShort(Tlb tlb) {
    return tlb.replacement == Replacement.LRU;
  }

  /** Whether all accesses that enter by port 0 see the same second level. */
  private static boolean isShared(StateLayout layout) {
    Tlb ofLoads = layout.mainSecond(Port.LOAD);
    boolean shared = true;
    for (Port port : Port.values()) {
      shared &= layout.portOf(port) != 0 || layout.mainSecond(port) == ofLoads;
    }
    return shared;
  }

  @Override
  public long translate(long linearAddress, int access) {
    int port = access & portMask;
    long now = first[scalars + Scalars.TICKS + port] += StateLayout.TICK;
    long need = first[scalars + Scalars.NEED + (access & (AccessCode.COUNT - 1))];
    long tag = (linearAddress & -PAGE) | first[scalars + Scalars.PCID];
    int hint = hints[hintSlot(linearAddress, port)];
    int i = hint & entryMask;
    if (first[i] == tag) {
      long word = first[i + wordAt];
      if ((word & need) == need) {
        first[i + stampAt] = now | i;
        return (word & Cached.ADDRESS) | (linearAddress & (PAGE - 1));
      }
    }
    if (!shortHits || (port | first[scalars + Scalars.IRREGULAR]) != 0) {
      return general.translate(linearAddress, access);
    }
    return missFirst(linearAddress, access, tag, hint);
  }

  private static int hintSlot(long linearAddress, int port) {
    int number = (int) (linearAddress >>> 12) & ((1 << StateLayout.HINT_BITS) - 1);
    return number | (port << StateLayout.HINT_BITS);
  }

  /** The hint's second-level entry, if the first level surely has none. */
  private long missFirst(long linearAddress, int access, long tag, int hint) {
    int set = firstBase + ((int) (linearAddress >>> 12) & (firstSets - 1)) * firstWays;
    for (int way = 0; way < firstWays; way++) {
      if (first[set + way] == tag) {
        return general.translate(linearAddress, access);
      }
    }
    int i = (hint >>> StateLayout.ENTRY_BITS) & secondMask;
    if (second[i] != tag) {
      return missHint(linearAddress, access, tag);
    }
    long need = first[scalars + Scalars.NEED + (access & (AccessCode.COUNT - 1))];
    long word = second[i + secondWordAt];
    if ((word & need) != need) {
      return general.translate(linearAddress, access);
    }
    first[scalars + Scalars.SHORT_HITS]++;
    int order = secondSet(linearAddress) + ORDER_AT;
    second[order] = Order.front(second[order], i - order + ORDER_AT, secondWays);
    fillFirst(linearAddress, tag, word, i);
    return (word & Cached.ADDRESS) | (linearAddress & (PAGE - 1));
  }

  private static final int ORDER_AT = -4;

  /**
   * A walk, if the second level surely has no entry, and the walk has nothing to do but to read.
   */
  private long missHint(long linearAddress, int access, long tag) {
    int shift = (int) first[scalars + Scalars.CANONICAL_SHIFT];
    int set = secondSet(linearAddress);
    boolean unusual = !shortWalks || (linearAddress << shift) >> shift != linearAddress;
    for (int way = 0; way < secondWays; way++) {
      unusual |= second[set + way] == tag;
    }
    if (unusual) {
      return general.translate(linearAddress, access);
    }
    return walk(linearAddress, access, tag, set);
  }

  private long walk(long linearAddress, int access, long tag, int set) {
    long pml4e =
        ram.get(
            WORD, (first[scalars + Scalars.ROOT] & tableMask) | ((linearAddress >>> 36) & 0xff8));
    long pdpte = ram.get(WORD, (pml4e & tableMask) | ((linearAddress >>> 27) & 0xff8));
    long pde = ram.get(WORD, (pdpte & tableMask) | ((linearAddress >>> 18) & 0xff8));
    long pte = ram.get(WORD, (pde & tableMask) | ((linearAddress >>> 9) & 0xff8));
    long any = pml4e | pdpte | pde;
    long tables = pml4e & pdpte & pde;
    long all = tables & pte;
    long word =
        (pte & first[scalars + Scalars.LEAF_KEEP])
            | (all & (Cached.REGULAR | Cached.RW | Cached.US | Cached.VALID));
    word |= ~(any | pte) & Cached.X;
    word |= ((~all & Cached.US) << 7) | ((tables & Cached.RW) << 9);
    word |= (((pte & Entry.KEY) - 1) >>> 52) & Cached.KEY_0;
    long need = first[scalars + Scalars.NEED + (access & (AccessCode.COUNT - 1))] | Cached.VALID;
    long unusual =
        (any & first[scalars + Scalars.TABLE_UNUSUAL])
            | (pte & first[scalars + Scalars.LEAF_UNUSUAL])
            | (word & Cached.G);
    if ((word & need) != need || unusual != 0) {
      return general.translate(linearAddress, access);
    }
    first[scalars + Scalars.SHORT_WALKS]++;
    long order = second[set + ORDER_AT];
    int i = set + (int) Order.last(order, secondWays);
    second[set + ORDER_AT] = Order.rotate(order, secondWays);
    second[i] = tag;
    second[i + secondWordAt] = word;
    fillFirst(linearAddress, tag, word, i);
    return (word & Cached.ADDRESS) | (linearAddress & (PAGE - 1));
  }

  private int secondSet(long linearAddress) {
    return secondBase + ((int) (linearAddress >>> 12) & (secondSets - 1)) * secondStride;
  }

  private void fillFirst(long linearAddress, long tag, long word, int secondEntry) {
    int set = firstBase + ((int) (linearAddress >>> 12) & (firstSets - 1)) * firstWays;
    long oldest = first[set + stampAt];
    for (int way = 1; way < firstWays; way++) {
      oldest = Math.min(oldest, first[set + way + stampAt]);
    }
    int i = (int) oldest & entryMask;
    first[i] = tag;
    first[i + wordAt] = word;
    first[i + stampAt] = first[scalars + Scalars.TICKS] | i;
    hints[hintSlot(linearAddress, 0)] = (secondEntry << StateLayout.ENTRY_BITS) | i;
  }
}
