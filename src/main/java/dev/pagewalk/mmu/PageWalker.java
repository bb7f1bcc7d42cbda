package dev.pagewalk.mmu;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelChoices.RsvdErrorCode;
import dev.pagewalk.arch.PageSize;

/**
 * The general page walk: from the paging-structure caches or the root to the page, with all that
 * may come between.
 *
 * <p>Source: SDM 3A "4-Level Paging and 5-Level Paging", "Paging-Structure Caches", "Accessed and
 * Dirty Flags". {@link TranslationPath} has a short walk for the case in which nothing does.
 */
final class PageWalker {
  private static final Level[] LEVELS = Level.values();
  private static final PageSize[] SIZES = PageSize.values();
  private static final int PT = Level.PT.ordinal();
  private static final int PDPT = Level.PDPT.ordinal();

  /** What {@link #attempt} returns if an entry changed between its being read and being marked. */
  private static final long CHANGED = -1L;

  private final MmuState state;

  /** By level: the cache of its entries, or null. */
  private final Structure[] caches;

  /** By level: the entries that this walk has read, and where they lie. */
  private final long[] entries = new long[PT + 1];

  private final long[] addresses = new long[PT + 1];

  /** By level: R/W and U/S ANDed and XD ORed over the entries down to that level. */
  private final long[] combined = new long[PT];

  private int error;

  PageWalker(MmuState state) {
    this.state = state;
    this.caches = state.layout.caches;
  }

  /** The error code of the page fault in which the last walk ended. */
  int error() {
    return error;
  }

  /**
   * Walks for an access, checks its rights, marks entries, and fills the paging-structure caches.
   *
   * @param linearAddress canonical
   * @return the page's {@link Cached} word, or 0 for a page fault with {@link #error}
   */
  long walk(long linearAddress, int access) {
    state.walks++;
    long word = attempt(linearAddress, access);
    while (word == CHANGED) {
      state.restarts++;
      word = attempt(linearAddress, access);
    }
    return word;
  }

  private long attempt(long linearAddress, int access) {
    int level = state.registers.la57() ? 0 : 1;
    long table = state.get(Scalars.ROOT);
    long tables = Entry.RW | Entry.US;
    int from = level;
    int hit = findCached(linearAddress, level);
    if (hit >= 0) {
      from = hit + 1;
      table = entries[hit] & Entry.ADDRESS;
      tables = combined[hit];
      level = from;
    }
    while (true) {
      long address = table + (long) LEVELS[level].index(linearAddress) * Long.BYTES;
      long entry = state.memory.read64(address);
      state.wordsRead++;
      EntryKind kind = EntryKind.of(entry, LEVELS[level]);
      int cause = stops(entry, kind);
      if (cause >= 0) {
        return fault(state.rights.failure(cause, access));
      }
      if (kind.isLeaf()) {
        entries[level] = entry;
        addresses[level] = address;
        long word = finish(level, tables, from, access);
        if (word != 0 && word != CHANGED) {
          fillCaches(linearAddress, from, level);
        }
        return word;
      }
      if (marksEarly() && !mark(address, entry, Entry.A)) {
        return CHANGED;
      }
      tables = (tables & entry & (Entry.RW | Entry.US)) | ((tables | entry) & Entry.XD);
      entries[level] = entry;
      addresses[level] = address;
      combined[level] = tables;
      table = entry & Entry.ADDRESS;
      level++;
    }
  }

  /** The lowest level whose cache has the entry for the address, which is put in place; or -1. */
  private int findCached(long linearAddress, int root) {
    for (int level = PT - 1; level >= root; level--) {
      Structure cache = caches[level];
      if (cache == null) {
        continue;
      }
      int first = cache.firstOf(linearAddress >>> LEVELS[level].shift());
      int i = cache.find(first, tag(linearAddress, level));
      if (i >= 0) {
        cache.hits++;
        cache.use(first, i);
        entries[level] = cache.array[i + cache.wordAt];
        combined[level] = entries[level] & (Entry.RW | Entry.US | Entry.XD);
        return level;
      }
      cache.misses++;
    }
    return -1;
  }

  private void fillCaches(long linearAddress, int from, int leaf) {
    for (int level = from; level < leaf; level++) {
      Structure cache = caches[level];
      if (cache != null) {
        long word =
            (entries[level] & Entry.ADDRESS) | combined[level] | Cached.VALID | Cached.REGULAR;
        int first = cache.firstOf(linearAddress >>> LEVELS[level].shift());
        cache.fill(first, tag(linearAddress, level), word);
      }
    }
  }

  private long tag(long linearAddress, int level) {
    return (linearAddress & -LEVELS[level].span()) | state.pcid();
  }

  /** The cause in the error code if the walk ends at this entry, or -1. */
  private int stops(long entry, EntryKind kind) {
    if ((entry & Entry.P) == 0) {
      return 0;
    }
    if ((entry & state.reserved.mask(kind)) != 0) {
      boolean withP = choices().rsvdErrorCode() == RsvdErrorCode.WITH_P;
      return ErrorCode.RSVD | (withP ? ErrorCode.P : 0);
    }
    return -1;
  }

  /** Checks rights at the entry that maps the page, and marks what is to be marked. */
  private long finish(int level, long tables, int from, int access) {
    long address = addresses[level];
    long entry = entries[level];
    // DEVIATION: QEMU 7.2 marks a 1 GiB leaf as if it referenced a table.
    if (choices().accessedOnFault() == AccessedOnFault.UPPER_LEVELS_AND_1G_LEAF && level == PDPT) {
      if (!mark(address, entry, Entry.A)) {
        return CHANGED;
      }
      entry |= Entry.A;
    }
    long word = Cached.page(entry, tables, SIZES[PT - level], state.keepsGlobal());
    if (!state.rights.allows(word, access)) {
      return fault(state.rights.refusal(word, access));
    }
    if (!marksEarly()) {
      for (int above = from; above < level; above++) {
        if (!mark(addresses[above], asMarked(above, from), Entry.A)) {
          return CHANGED;
        }
      }
      entry = asMarked(level, from);
    }
    long bits = Entry.A | (setsDirty(entry, access) ? Entry.D : 0);
    if (!mark(address, entry, bits)) {
      return CHANGED;
    }
    return word | (bits & Cached.D);
  }

  /** The entry as read at {@code level}, or with A if it is one that was marked further up. */
  private long asMarked(int level, int from) {
    for (int above = from; above < level; above++) {
      if (addresses[above] == addresses[level]) {
        return entries[level] | Entry.A;
      }
    }
    return entries[level];
  }

  private boolean setsDirty(long leaf, int access) {
    boolean wouldMakeShadowStack = (leaf & Entry.RW) == 0 && state.cpu.has(Feature.CET_SS);
    return RightsTable.isWrite(access)
        && (choices().dirtyOnReadOnly() == DirtyOnReadOnly.SET || !wouldMakeShadowStack);
  }

  /** Sets {@code bits} by a locked update; false if the entry is no longer as read. */
  private boolean mark(long address, long entry, long bits) {
    long after = entry | bits;
    if (after == entry) {
      return true;
    }
    if (!state.memory.compareAndSet(address, entry, after)) {
      return false;
    }
    state.accessedSet += ((after ^ entry) >>> 5) & 1;
    state.dirtySet += ((after ^ entry) >>> 6) & 1;
    return true;
  }

  private boolean marksEarly() {
    return choices().accessedOnFault() != AccessedOnFault.NONE;
  }

  private ModelChoices choices() {
    return state.cpu.choices();
  }

  private long fault(int code) {
    error = code;
    return 0;
  }
}
