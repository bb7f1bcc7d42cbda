package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelChoices.RsvdErrorCode;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.ReservedBits;
import dev.pagewalk.mmu.TlbEntry.Flag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One page walk of the naive MMU: through the paging-structure caches and the tables. */
final class NaiveWalk {
  private static final Level[] UPWARDS = {Level.PD, Level.PDPT, Level.PML4, Level.PML5};

  private final NaiveMmu mmu;
  private final Access access;
  private final long address;
  private final ReservedBits reserved;

  /** Entries that reference a table, as read by this attempt. */
  private final List<Passed> passed = new ArrayList<>();

  /** Where this attempt has set A after it had read all entries. */
  private final Set<Long> markedBefore = new HashSet<>();

  private record Passed(Level level, long at, long entry, NaiveRights rights) {}

  /** How a walk ended. */
  sealed interface End {
    /** The access may use {@code page}. */
    record Reached(NaivePage page) implements End {}

    /** A page fault with bits P, RSVD and PK of its error code. */
    record Refused(int error) implements End {}
  }

  /**
   * A walk.
   *
   * @param address after linear-address masking
   */
  NaiveWalk(NaiveMmu mmu, Access access, long address) {
    this.mmu = mmu;
    this.access = access;
    this.address = address;
    this.reserved = new ReservedBits(mmu.cpu, mmu.registers);
  }

  /** Walks, until no entry changes in between. */
  End run() {
    mmu.walks++;
    while (true) {
      passed.clear();
      markedBefore.clear();
      End end = attempt();
      if (end != null) {
        return end;
      }
      mmu.restarts++;
    }
  }

  /** Goes down once; {@code null} if an entry changed between its being read and marked. */
  private End attempt() {
    Level level = Level.root(mmu.registers.la57());
    long table = mmu.registers.root();
    NaiveRights rights = NaiveRights.ALL;
    for (Level cached : UPWARDS) {
      if (cached.compareTo(level) < 0) {
        break;
      }
      NaivePagingStructureCache cache = mmu.structures.cache(cached);
      NaivePagingStructureCache.Entry hit =
          cache == null ? null : cache.lookUp(address, mmu.pcid());
      if (hit != null) {
        level = cached.next();
        table = hit.table();
        rights = hit.rights();
        break;
      }
    }
    while (true) {
      long at = table + 8L * level.index(address);
      long entry = mmu.memory.read64(at);
      mmu.wordsRead++;
      if (!Entry.has(entry, Entry.P)) {
        return new End.Refused(0);
      }
      EntryKind kind = EntryKind.of(entry, level);
      if ((entry & reserved.mask(kind)) != 0) {
        boolean withP = mmu.choices().rsvdErrorCode() == RsvdErrorCode.WITH_P;
        return new End.Refused(ErrorCode.RSVD | (withP ? ErrorCode.P : 0));
      }
      NaiveRights above = rights;
      rights = rights.and(entry);
      Passed here = new Passed(level, at, entry, rights);
      if (kind.isLeaf()) {
        return atLeaf(here, above);
      }
      passed.add(here);
      if (mmu.choices().accessedOnFault() != AccessedOnFault.NONE && !mark(at, entry, Entry.A)) {
        return null;
      }
      table = Entry.table(entry);
      level = level.next();
    }
  }

  private End atLeaf(Passed leaf, NaiveRights above) {
    AccessedOnFault accessed = mmu.choices().accessedOnFault();
    long entry = leaf.entry();
    if (accessed == AccessedOnFault.UPPER_LEVELS_AND_1G_LEAF && leaf.level() == Level.PDPT) {
      if (!mark(leaf.at(), entry, Entry.A)) {
        return null;
      }
      entry |= Entry.A;
    }
    int refusal = mmu.refusal(access, page(leaf, entry, above));
    if (refusal != 0) {
      return new End.Refused(refusal);
    }
    if (accessed == AccessedOnFault.NONE) {
      for (Passed upper : passed) {
        if (!mark(upper.at(), upper.entry(), Entry.A)) {
          return null;
        }
      }
    }
    long marks = Entry.A | (setsDirty(entry) ? Entry.D : 0);
    if (!mark(leaf.at(), entry, marks)) {
      return null;
    }
    return new End.Reached(page(leaf, entry | marks, above));
  }

  private boolean setsDirty(long leaf) {
    boolean spared =
        mmu.choices().dirtyOnReadOnly() == DirtyOnReadOnly.NOT_WITH_SHADOW_STACKS
            && mmu.cpu.has(Feature.CET_SS)
            && !Entry.has(leaf, Entry.RW);
    return access.kind().isWrite() && !spared;
  }

  /**
   * Sets {@code bits} of the word at {@code at}, which was {@code read}; false if it is not so. A
   * mark of the same attempt, where tables reference themselves, is no change.
   */
  private boolean mark(long at, long read, long bits) {
    long seen = markedBefore.contains(at) ? read | Entry.A : read;
    markedBefore.add(at);
    if (Entry.has(seen, bits)) {
      return true;
    }
    if (!mmu.memory.compareAndSet(at, seen, seen | bits)) {
      return false;
    }
    long set = bits & ~seen;
    mmu.accessedSet += Entry.has(set, Entry.A) ? 1 : 0;
    mmu.dirtySet += Entry.has(set, Entry.D) ? 1 : 0;
    return true;
  }

  private NaivePage page(Passed leaf, long entry, NaiveRights above) {
    boolean pge = (mmu.registers.cr4() & Cr4.PGE) != 0;
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    NaiveRights rights = leaf.rights();
    addIf(flags, Flag.USER, rights.userMode());
    addIf(flags, Flag.WRITABLE, rights.writable());
    addIf(flags, Flag.EXECUTABLE, !rights.executeDisable());
    addIf(flags, Flag.DIRTY, Entry.has(entry, Entry.D));
    addIf(flags, Flag.GLOBAL, Entry.has(entry, Entry.G) && pge);
    boolean shadowStack =
        above.writable() && !Entry.has(entry, Entry.RW) && Entry.has(entry, Entry.D);
    addIf(flags, Flag.SHADOW_STACK, shadowStack);
    PageSize size =
        switch (leaf.level()) {
          case PT -> PageSize.SIZE_4K;
          case PD -> PageSize.SIZE_2M;
          default -> PageSize.SIZE_1G;
        };
    long pat = size == PageSize.SIZE_4K ? Entry.PAT_4K : Entry.PAT_LARGE;
    int patIndex =
        (Entry.has(entry, pat) ? 4 : 0)
            + (Entry.has(entry, Entry.PCD) ? 2 : 0)
            + (Entry.has(entry, Entry.PWT) ? 1 : 0);
    return new NaivePage(
        address & -size.bytes(),
        Entry.page(entry, leaf.level()),
        mmu.pcid(),
        size,
        size,
        flags,
        Entry.key(entry),
        patIndex);
  }

  private static void addIf(Set<Flag> flags, Flag flag, boolean condition) {
    if (condition) {
      flags.add(flag);
    }
  }

  /** Fills in the entries that the walk has used, from the top down. */
  void fillPagingStructureCaches() {
    for (Passed entry : passed) {
      NaivePagingStructureCache cache = mmu.structures.cache(entry.level());
      if (cache != null) {
        cache.fill(address, Entry.table(entry.entry()), mmu.pcid(), entry.rights());
      }
    }
  }
}
