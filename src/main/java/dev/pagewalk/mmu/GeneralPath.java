package dev.pagewalk.mmu;

import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.PageSize;

/**
 * A translation with everything that may come between, in the order in which it comes.
 *
 * <p>{@link TranslationPath} takes the usual cases by itself and sends all others here, before it
 * has changed anything but the count of accesses.
 */
final class GeneralPath extends MissPath {
  private static final PageSize[] SIZES = PageSize.values();

  /** In place of a way: the hint shall keep the one it has. */
  private static final int NO_WAY = -1;

  private final MmuState state;
  private final StateLayout layout;
  private final long[] words;
  private final PageWalker walker;
  private final Invalidation invalidation;

  GeneralPath(MmuState state, Invalidation invalidation) {
    this.state = state;
    this.layout = state.layout;
    this.words = layout.words;
    this.walker = new PageWalker(state);
    this.invalidation = invalidation;
  }

  @Override
  long translate(long linearAddress, int access, long tag, long hint) {
    return translate(linearAddress, access);
  }

  /** What {@link Mmu#translate} does. */
  long translate(long pointer, int access) {
    AccessCode.check(access);
    PortView view = state.views[access & (AccessCode.FETCH | AccessCode.WRITE)];
    view.general++;
    // 1. The linear address.
    boolean masks = !RightsTable.isFetch(access);
    long address = masks ? LinearAddressMasking.address(pointer, state.registers) : pointer;
    if (!LinearAddress.isCanonical(address, state.registers.linearWidth())) {
      return nonCanonical(view, access);
    }
    // 2. The first level.
    for (PageSize size : SIZES) {
      int i = find(view.firstBySize[size.ordinal()], size, address, access);
      if (i >= 0) {
        Tlb tlb = view.firstBySize[size.ordinal()];
        tlb.hits++;
        setHint(address, view, i, NO_WAY);
        return hit(tlb, i, address, access);
      }
    }
    // 3. The second level.
    for (PageSize size : SIZES) {
      int i = find(view.secondBySize[size.ordinal()], size, address, access);
      if (i >= 0) {
        Tlb tlb = view.secondBySize[size.ordinal()];
        countSecondHit(view, tlb);
        long word = words[i + tlb.wordAt];
        long result = hit(tlb, i, address, access);
        if (result >= 0) {
          fillFirst(view, address, word, wayForHint(view, tlb, i));
        }
        return result;
      }
    }
    for (Tlb tlb : view.second) {
      tlb.misses++;
    }
    // 4. The walk.
    return walk(view, address, access);
  }

  /** The entry for a piece of {@code size} that can decide the access, or -1. */
  private int find(Tlb tlb, PageSize size, long address, int access) {
    if (tlb == null || (size != PageSize.SIZE_4K && state.get(Scalars.IRREGULAR) == 0)) {
      return -1;
    }
    int i = tlb.find(address, size, state.pcid());
    return i >= 0 && RightsTable.needsWalkForD(words[i + tlb.wordAt], access) ? -1 : i;
  }

  private long nonCanonical(PortView view, int access) {
    state.otherFaults++;
    view.nonCanonical++;
    boolean stackFault =
        (access & AccessCode.STACK) != 0
            && state.cpu.choices().nonCanonicalStack() == NonCanonicalStack.STACK_FAULT;
    return stackFault ? Faults.STACK_FAULT : Faults.GENERAL_PROTECTION;
  }

  /** Decides an access by the entry at {@code i}. */
  private long hit(Tlb tlb, int i, long address, int access) {
    long word = words[i + tlb.wordAt];
    if (!state.rights.allows(word, access)) {
      return pageFault(address, state.rights.refusal(word, access));
    }
    // A global entry goes over to the PCID that uses it, so that the next look finds it at once.
    words[i] = (words[i] & ~Structure.PCID) | state.pcid();
    tlb.use(tlb.firstOfEntry(i), i);
    return Cached.translate(word, address);
  }

  private void countSecondHit(PortView view, Tlb tlb) {
    for (Tlb other : view.second) {
      if (other == tlb) {
        other.hits++;
      } else {
        other.misses++;
      }
    }
  }

  private long walk(PortView view, long address, int access) {
    long word = walker.walk(address, access);
    if (word == 0) {
      return pageFault(address, walker.error());
    }
    int way = NO_WAY;
    Tlb holder = PortView.holder(view.second, smaller(Cached.size(word), state.largestPiece));
    if (holder != null) {
      way = wayForHint(view, holder, fill(holder, address, word));
    }
    fillFirst(view, address, word, way);
    return Cached.translate(word, address);
  }

  /** The way of the second-level entry at {@code i}, if the short path looks there. */
  private static int wayForHint(PortView view, Tlb tlb, int i) {
    return tlb == view.mainSecond ? i - tlb.firstOfEntry(i) : NO_WAY;
  }

  /** Fills the first level with the piece of {@code word} around the address, and sets the hint. */
  private void fillFirst(PortView view, long address, long word, int way) {
    Tlb holder = PortView.holder(view.first, smaller(Cached.size(word), state.largestPiece));
    int i = fill(holder, address, word);
    words[i + layout.addendAt] = addend(words[i], words[i + layout.wordAt]);
    setHint(address, view, i, way);
  }

  /** The hint for the address shall name the first-level entry at {@code i}, and the way. */
  private void setHint(long address, PortView view, int i, int way) {
    PageSize size = Cached.size(words[i + layout.wordAt]);
    if (size != PageSize.SIZE_4K) {
      layout.hints.setLarge(address, size, view.number, i);
    } else if (way == NO_WAY) {
      layout.hints.set(address, view.number, i);
    } else {
      layout.hints.set(address, view.number, i, way);
    }
  }

  /** What leads from a linear address to the physical one, anywhere in an entry's piece. */
  private static long addend(long tag, long word) {
    return (word & Cached.ADDRESS) - Tlb.linearAddress(tag, word);
  }

  private int fill(Tlb tlb, long address, long whole) {
    PageSize size = tlb.sizeFor(smaller(Cached.size(whole), state.largestPiece));
    long word = Cached.piece(whole, size, address);
    state.noteFill(address, size, word);
    int set = tlb.firstOf(address, size);
    long tag = Tlb.tag(address, size, state.pcid());
    int i = tlb.fill(set, tag, word);
    if ((word & Cached.G) != 0) {
      invalidation.dropTwins(tlb, set, i);
    }
    return i;
  }

  private long pageFault(long address, int error) {
    state.cr2 = address;
    state.pageFaults[error & (AccessCode.COUNT - 1)]++;
    invalidation.pageFault(address);
    return Faults.pageFault(error);
  }

  private static PageSize smaller(PageSize one, PageSize other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
