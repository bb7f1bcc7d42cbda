package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.PageSize;

/**
 * What invalidating instructions and page faults drop.
 *
 * <p>Source: SDM 3A "Operations that Invalidate TLBs and Paging-Structure Caches". Nothing more
 * than what the manual demands is dropped, unless a comment says so.
 */
final class Invalidation {
  private static final Level[] LEVELS = Level.values();

  /** In what says whose entries: global ones too. */
  private static final long GLOBALS = 1L << 12;

  /** In what says whose entries: those of every PCID. Otherwise the lower bits name one. */
  private static final long ANY_PCID = 1L << 13;

  private final MmuState state;

  Invalidation(MmuState state) {
    this.state = state;
  }

  /**
   * "INVLPG ... invalidates any TLB entries that are for a page number corresponding to the linear
   * address and that are associated with the current PCID. It also invalidates any global TLB
   * entries with that page number, regardless of PCID. INVLPG also invalidates all entries in all
   * paging-structure caches associated with the current PCID, regardless of the linear addresses to
   * which they correspond."
   */
  void invlpg(long address) {
    dropPage(address, state.pcid() | GLOBALS);
    for (Structure cache : state.layout.caches) {
      if (cache != null) {
        dropAll(cache, state.pcid());
      }
    }
  }

  /** A page fault drops what was, or would be, used for its address. */
  void pageFault(long address) {
    dropPage(address, state.pcid() | GLOBALS);
    dropCachesFor(address, state.pcid());
  }

  /** INVPCID type 0: one address under one PCID, global translations excepted. */
  void individualAddress(long address, long pcid) {
    dropPage(address, pcid);
    dropCachesFor(address, pcid);
  }

  /** INVPCID type 1, MOV to CR3: one PCID, global translations excepted. */
  void singleContext(long pcid) {
    dropEverywhere(pcid);
  }

  /** INVPCID type 3: every PCID, global translations excepted. */
  void allContexts() {
    dropEverywhere(ANY_PCID);
  }

  /** A rise of CR4.SMEP: one PCID, and global translations, which it can use too. */
  void contextWithGlobals(long pcid) {
    dropEverywhere(pcid | GLOBALS);
  }

  /** INVPCID type 2, a change of CR4.PGE: everything. */
  void everything() {
    dropEverywhere(ANY_PCID | GLOBALS);
    state.forgetSpecialCases();
  }

  private void dropEverywhere(long whose) {
    for (Structure structure : state.layout.all) {
      dropAll(structure, whose);
    }
  }

  /** Drops entries for the same piece as the global one at {@code kept}, in its set. */
  void dropTwins(Tlb tlb, int set, int kept) {
    for (int i = set; i < set + tlb.ways; i++) {
      boolean twin = ((tlb.array[i] ^ tlb.array[kept]) & ~Structure.PCID) == 0;
      if (twin && i != kept && tlb.array[i + tlb.wordAt] != 0) {
        tlb.drop(i);
      }
    }
    tlb.settle(set);
  }

  /** Drops the entries of a structure that {@code whose} names. */
  private static void dropAll(Structure structure, long whose) {
    for (int set = 0; set < structure.sets; set++) {
      int first = structure.first(set);
      boolean dropped = false;
      for (int i = first; i < first + structure.ways; i++) {
        if (isNamed(structure, i, whose)) {
          structure.drop(i);
          dropped = true;
        }
      }
      if (dropped) {
        structure.settle(first);
      }
    }
  }

  /** Whether there is an entry at {@code i} and it is among those that {@code whose} names. */
  private static boolean isNamed(Structure structure, int i, long whose) {
    long word = structure.array[i + structure.wordAt];
    if (word == 0) {
      return false;
    }
    if ((word & Cached.G) != 0) {
      return (whose & GLOBALS) != 0;
    }
    return (whose & ANY_PCID) != 0 || (structure.array[i] & Structure.PCID) == (whose & ~GLOBALS);
  }

  /**
   * "There is no way for software to be aware that multiple translations for smaller pages have
   * been used for a large page. The INVLPG instruction and page faults provide the same
   * assurances."
   */
  private void dropPage(long address, long whose) {
    for (Tlb tlb : state.layout.tlbs) {
      if (state.brokenPages) {
        for (int set = 0; set < tlb.sets; set++) {
          dropPage(tlb, tlb.first(set), address, whose);
        }
      } else {
        for (PageSize size : tlb.sizes) {
          if (size == PageSize.SIZE_4K || state.get(Scalars.IRREGULAR) != 0) {
            dropWhole(tlb, address, size, whose);
          }
        }
      }
    }
  }

  /** Drops the entries for the page of {@code size}, none being for a piece of a larger one. */
  private static void dropWhole(Tlb tlb, long address, PageSize size, long whose) {
    int first = tlb.firstOf(address, size);
    long tag = Tlb.tag(address, size, 0);
    for (int i = first; i < first + tlb.ways; i++) {
      if (((tlb.array[i] ^ tag) & ~Structure.PCID) == 0 && isNamed(tlb, i, whose)) {
        tlb.drop(i);
        tlb.settle(first);
      }
    }
  }

  private static void dropPage(Tlb tlb, int first, long address, long whose) {
    for (int i = first; i < first + tlb.ways; i++) {
      if (isNamed(tlb, i, whose)) {
        long word = tlb.array[i + tlb.wordAt];
        long differs = Tlb.linearAddress(tlb.array[i], word) ^ address;
        if ((differs & -Cached.pageSize(word).bytes()) == 0) {
          tlb.drop(i);
          tlb.settle(first);
        }
      }
    }
  }

  /** Drops the entries of paging-structure caches that would be used for the address. */
  private void dropCachesFor(long address, long pcid) {
    for (int level = 0; level < state.layout.caches.length; level++) {
      Structure cache = state.layout.caches[level];
      if (cache != null) {
        int first = cache.firstOf(address >>> LEVELS[level].shift());
        int i = cache.find(first, (address & -LEVELS[level].span()) | pcid);
        if (i >= 0) {
          cache.drop(i);
          cache.settle(first);
        }
      }
    }
  }
}
