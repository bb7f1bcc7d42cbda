package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The walk of a 4 KiB page that has nothing to do but to read, from the lowest table that a
 * paging-structure cache knows.
 *
 * <p>No branch lies between its loads: addresses are masked into memory, and what was read is
 * judged at the end. Nothing is changed before it is sure that nothing is unusual. A {@link
 * ShortPath} has it as a constant, as it has {@link Bank}s.
 *
 * @param second the second-level TLB, which must not have the page; or null
 * @param pml4 the caches; null where there is none
 * @param ram physical memory, as far as tables are read in it: a power of two bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record ShortWalk(
    long[] words,
    int scalars,
    Bank second,
    Bank pml4,
    Bank pdpt,
    Bank pd,
    MemorySegment ram,
    long tableMask) {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What {@link #walk} returns if this is no case for it. */
  static final long UNUSUAL = 0;

  /** A walk, or null if memory is not flat. */
  static ShortWalk of(MmuState state, Bank second) {
    if (state.flatBytes == 0) {
      return null;
    }
    StateLayout layout = state.layout;
    return new ShortWalk(
        layout.words,
        layout.scalars,
        second,
        bank(layout, Level.PML4),
        bank(layout, Level.PDPT),
        bank(layout, Level.PD),
        state.memory.flat().orElseThrow(),
        (state.flatBytes - 1) & -(1L << Level.PT.shift()));
  }

  private static Bank bank(StateLayout layout, Level level) {
    return Bank.of(layout.caches[level.ordinal()], level.shift());
  }

  /**
   * Walks, and looks into and fills the paging-structure caches.
   *
   * @param tag of the page
   * @return the page's {@link Cached} word, or {@link #UNUSUAL}, and then nothing has happened
   */
  long walk(long linearAddress, int access, long tag) {
    int i = find(pd, linearAddress);
    if (i >= 0) {
      return fromPde(linearAddress, access, tag, i);
    }
    i = find(pdpt, linearAddress);
    if (i >= 0) {
      return fromPdpte(linearAddress, access, tag, i);
    }
    i = find(pml4, linearAddress);
    if (i >= 0) {
      return fromPml4e(linearAddress, access, tag, i);
    }
    return fromRoot(linearAddress, access, tag);
  }

  private long fromRoot(long linearAddress, int access, long tag) {
    long pml4e = read(words[scalars + Scalars.ROOT], linearAddress >>> 36);
    long pdpte = read(pml4e, linearAddress >>> 27);
    long pde = read(pdpte, linearAddress >>> 18);
    long pte = read(pde, linearAddress >>> 9);
    if (isElsewhere(linearAddress, tag)) {
      return UNUSUAL;
    }
    long any = pml4e | pdpte | pde;
    long word = word(pml4e & pdpte & pde, pte) | (any & Cached.XD);
    if (!allows(word, access) || isRare(any, pte)) {
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

  private long fromPml4e(long linearAddress, int access, long tag, int i) {
    long pml4e = words[i + pml4.wordAt()];
    long pdpte = read(pml4e, linearAddress >>> 27);
    long pde = read(pdpte, linearAddress >>> 18);
    long pte = read(pde, linearAddress >>> 9);
    if (isElsewhere(linearAddress, tag)) {
      return UNUSUAL;
    }
    long upper = combine(pml4e, pdpte);
    long tables = combine(upper, pde);
    long word = word(tables, pte);
    if (!allows(word, access) || isRare(pml4e | pdpte | pde, pte)) {
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

  private long fromPdpte(long linearAddress, int access, long tag, int i) {
    long pdpte = words[i + pdpt.wordAt()];
    long pde = read(pdpte, linearAddress >>> 18);
    long pte = read(pde, linearAddress >>> 9);
    if (isElsewhere(linearAddress, tag)) {
      return UNUSUAL;
    }
    long tables = combine(pdpte, pde);
    long word = word(tables, pte);
    if (!allows(word, access) || isRare(pdpte | pde, pte)) {
      return UNUSUAL;
    }
    miss(pd);
    hit(pdpt, linearAddress, i);
    put(pd, linearAddress, tables);
    words[scalars + Scalars.WORDS_SAVED] += 2;
    return word;
  }

  private long fromPde(long linearAddress, int access, long tag, int i) {
    long pde = words[i + pd.wordAt()];
    long pte = read(pde, linearAddress >>> 9);
    if (isElsewhere(linearAddress, tag)) {
      return UNUSUAL;
    }
    long word = word(pde, pte);
    if (!allows(word, access) || isRare(pde, pte)) {
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

  /** Whether the walk is for nothing: a TLB has the page, or the address is no address. */
  private boolean isElsewhere(long linearAddress, long tag) {
    // 57-bit addresses never get past TABLE_UNUSUAL.
    boolean elsewhere = !LinearAddress.isCanonical(linearAddress, 48);
    elsewhere |= second != null && second.has(second.set(linearAddress), tag);
    return elsewhere;
  }

  /** What a cache keeps of {@code entry} below {@code above}, rights combined. */
  private static long combine(long above, long entry) {
    long rights = above & entry & (Cached.KEPT_OF_TABLES & ~Cached.ADDRESS);
    return (entry & Cached.ADDRESS) | rights | ((above | entry) & Cached.XD);
  }

  /** The word for the page that {@code pte} maps, below entries with those rights combined. */
  private static long word(long tables, long pte) {
    long word = pte & (Cached.ADDRESS | Cached.PAT_BITS | Cached.D | Cached.KEY | Cached.XD);
    word |= tables & pte & (Cached.REGULAR | Cached.RW | Cached.US | Cached.VALID);
    return word | ((tables & Cached.RW) << 8) | (tables & Cached.XD);
  }

  private boolean allows(long word, int access) {
    int rights = scalars + (access & (AccessCode.COUNT - 1));
    return (word & words[rights + Scalars.MASK]) == words[rights + Scalars.VALUE];
  }

  private boolean isRare(long anyTable, long pte) {
    long rare =
        (anyTable & words[scalars + Scalars.TABLE_UNUSUAL])
            | (pte & words[scalars + Scalars.LEAF_UNUSUAL]);
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
