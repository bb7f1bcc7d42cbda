package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The walk of a 4 KiB page that has nothing to do but to read, from the lowest table that a
 * paging-structure cache knows.
 *
 * <p>No branch lies between its loads: addresses are masked into memory, and what was read is
 * judged at the end. Nothing is changed before it is sure that nothing is unusual. As of {@link
 * ShortPath}, {@link Specialiser} makes copies of this class.
 */
final class ShortWalk extends WalkPath {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** See {@link StateLayout}. */
  private final long[] words;

  private final int scalars;

  /** The paging-structure caches; null where there is none. */
  private final Bank pml4;

  private final Bank pdpt;
  private final Bank pd;

  /** Physical memory, as far as tables are read in it: a power of two bytes. */
  private final MemorySegment ram;

  private final long tableMask;

  /** A walk through flat memory. */
  ShortWalk(MmuState state) {
    StateLayout layout = state.layout;
    this.words = layout.words;
    this.scalars = layout.scalars;
    this.pml4 = bank(layout, Level.PML4);
    this.pdpt = bank(layout, Level.PDPT);
    this.pd = bank(layout, Level.PD);
    this.ram = state.memory.flat().orElseThrow();
    this.tableMask = (state.flatBytes - 1) & -(1L << Level.PT.shift());
  }

  private static Bank bank(StateLayout layout, Level level) {
    return Bank.of(layout.caches[level.ordinal()], level.shift());
  }

  @Override
  long walk(long linearAddress, int access) {
    int i = find(pd, linearAddress);
    if (i >= 0) {
      return fromPde(linearAddress, access, i);
    }
    i = find(pdpt, linearAddress);
    if (i >= 0) {
      return fromPdpte(linearAddress, access, i);
    }
    i = find(pml4, linearAddress);
    if (i >= 0) {
      return fromPml4e(linearAddress, access, i);
    }
    return fromRoot(linearAddress, access);
  }

  private long fromRoot(long linearAddress, int access) {
    long pml4e = read(words[scalars + Scalars.ROOT], linearAddress >>> 36);
    long pdpte = read(pml4e, linearAddress >>> 27);
    long pde = read(pdpte, linearAddress >>> 18);
    long pte = read(pde, linearAddress >>> 9);
    long any = pml4e | pdpte | pde;
    long word = word(pml4e & pdpte & pde, any, pte);
    if (!allows(word, access) || isRare(linearAddress, any, pte)) {
      return UNUSUAL;
    }
    miss(pd);
    miss(pdpt);
    miss(pml4);
    put(pml4, linearAddress, pml4e & Cached.KEPT_OF_TABLES);
    long tables = combine(pml4e, pdpte);
    put(pdpt, linearAddress, tables);
    put(pd, linearAddress, combine(tables, pde));
    return word;
  }

  private long fromPml4e(long linearAddress, int access, int i) {
    long pml4e = words[i + pml4.wordAt()];
    long pdpte = read(pml4e, linearAddress >>> 27);
    long pde = read(pdpte, linearAddress >>> 18);
    long pte = read(pde, linearAddress >>> 9);
    long upper = combine(pml4e, pdpte);
    long tables = combine(upper, pde);
    long word = word(tables, tables, pte);
    if (!allows(word, access) || isRare(linearAddress, pml4e | pdpte | pde, pte)) {
      return UNUSUAL;
    }
    miss(pd);
    miss(pdpt);
    hit(pml4, linearAddress, i);
    put(pdpt, linearAddress, upper);
    put(pd, linearAddress, tables);
    words[scalars + Scalars.WORDS_SAVED]++;
    return word;
  }

  private long fromPdpte(long linearAddress, int access, int i) {
    long pdpte = words[i + pdpt.wordAt()];
    long pde = read(pdpte, linearAddress >>> 18);
    long pte = read(pde, linearAddress >>> 9);
    long tables = combine(pdpte, pde);
    long word = word(tables, tables, pte);
    if (!allows(word, access) || isRare(linearAddress, pdpte | pde, pte)) {
      return UNUSUAL;
    }
    miss(pd);
    hit(pdpt, linearAddress, i);
    put(pd, linearAddress, tables);
    words[scalars + Scalars.WORDS_SAVED] += 2;
    return word;
  }

  private long fromPde(long linearAddress, int access, int i) {
    long pde = words[i + pd.wordAt()];
    long pte = read(pde, linearAddress >>> 9);
    long word = word(pde, pde, pte);
    if (!allows(word, access) || isRare(linearAddress, pde, pte)) {
      return UNUSUAL;
    }
    hit(pd, linearAddress, i);
    words[scalars + Scalars.WORDS_SAVED] += 3;
    return word;
  }

  /** The entry of a table; the address says which in bits 11:3. */
  private long read(long table, long index) {
    return ram.get(WORD, (table & tableMask) + (index & 0xff8));
  }

  /** What a cache keeps of {@code entry} below {@code above}, rights combined. */
  private static long combine(long above, long entry) {
    long rights = above & entry & (Cached.KEPT_OF_TABLES & ~Cached.ADDRESS);
    return (entry & Cached.ADDRESS) | rights | ((above | entry) & Cached.XD);
  }

  /**
   * The word for the page that {@code pte} maps, below entries that are {@code tables} ANDed and
   * {@code any} ORed.
   */
  private static long word(long tables, long any, long pte) {
    long own = Cached.ADDRESS | Cached.PAT_BITS | Cached.D | Cached.KEY | Cached.XD;
    long shared = tables & (Cached.REGULAR | Cached.RW | Cached.US | Cached.VALID);
    return (pte & (own | shared)) | ((tables & Cached.RW) << 8) | (any & Cached.XD);
  }

  private boolean allows(long word, int access) {
    int rights = scalars + (access & (AccessCode.COUNT - 1));
    return (word & words[rights + Scalars.MASK]) == words[rights + Scalars.VALUE];
  }

  private boolean isRare(long linearAddress, long anyTable, long pte) {
    // 0 if bits 63:47 are all alike; 57-bit addresses never get past TABLE_UNUSUAL.
    long notCanonical = ((linearAddress >> 47) + 1) & -2;
    long rare =
        (anyTable & words[scalars + Scalars.TABLE_UNUSUAL])
            | (pte & words[scalars + Scalars.LEAF_UNUSUAL])
            | notCanonical;
    return rare != 0;
  }

  private int find(Bank cache, long linearAddress) {
    if (cache == null) {
      return -1;
    }
    int set = cache.set(linearAddress);
    int way = cache.find(set, cache.tag(linearAddress, words[scalars + Scalars.PCID]));
    return way < 0 ? way : set + way;
  }

  private static void miss(Bank cache) {
    if (cache != null) {
      cache.structure().misses++;
    }
  }

  private static void hit(Bank cache, long linearAddress, int i) {
    cache.structure().hits++;
    int set = cache.set(linearAddress);
    cache.use(set, i - set);
  }

  private void put(Bank cache, long linearAddress, long word) {
    if (cache != null) {
      cache.structure().fills++;
      long tag = cache.tag(linearAddress, words[scalars + Scalars.PCID]);
      cache.put(cache.set(linearAddress), tag, word);
    }
  }
}
