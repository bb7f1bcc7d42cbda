package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Entries that reference tables are changed after they were used, and pages below them accessed:
 * the same page and a neighbour, behind each kind of invalidation and none.
 */
final class GenStructureCache implements GenMaker {
  private static final int WHOM = 3;

  /** What becomes of the entry; each with the access that shows it. */
  private enum Change {
    MOVED(Optional.empty()),
    WRITE_TAKEN(Optional.of(AccessKind.WRITE)),
    WRITE_GIVEN(Optional.of(AccessKind.WRITE)),
    USER_TAKEN(Optional.empty()),
    USER_GIVEN(Optional.empty()),
    FETCH_TAKEN(Optional.of(AccessKind.FETCH)),
    FETCH_GIVEN(Optional.of(AccessKind.FETCH)),
    REMOVED(Optional.empty()),
    MADE_PRESENT(Optional.empty());

    private final Optional<AccessKind> shownBy;

    Change(Optional<AccessKind> shownBy) {
      this.shownBy = shownBy;
    }

    /** The entry before it, of one that takes nothing away. */
    long before(long entry) {
      return switch (this) {
        case WRITE_GIVEN -> entry & ~Entry.RW;
        case USER_GIVEN -> entry & ~Entry.US;
        case FETCH_GIVEN -> entry | Entry.XD;
        case MADE_PRESENT -> entry & ~Entry.P;
        default -> entry;
      };
    }

    /** The entry after it. */
    long after(long entry, long otherTable) {
      return switch (this) {
        case MOVED -> (entry & ~Entry.ADDRESS) | otherTable;
        case WRITE_TAKEN -> entry & ~Entry.RW;
        case USER_TAKEN -> entry & ~Entry.US;
        case FETCH_TAKEN -> entry | Entry.XD;
        case REMOVED -> entry & ~Entry.P;
        default -> entry;
      };
    }
  }

  @Override
  public int round() {
    return Change.values().length * 4 * GenInvalidation.values().length * WHOM;
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    GenChoices choices = new GenChoices(number, round());
    Change change = choices.of(Change.values());
    GenInvalidation invalidation = choices.of(GenInvalidation.values());
    int whom = choices.below(WHOM);
    Level level = choices.of(Level.values());
    boolean la57 = level == Level.PML5 || random.nextInt(8) == 0;
    GenSketch sketch = sketch(random, la57);
    boolean user =
        change == Change.USER_TAKEN || change == Change.USER_GIVEN || random.nextBoolean();
    AccessKind kind = change.shownBy.orElse(GenSketch.kind(random.nextInt(3)));
    RightsSetting how = new RightsSetting(kind, RightsSetting.WP | (user ? RightsSetting.USER : 0));
    long page = sketch.address();
    long neighbour = page ^ level.next().span();
    int index = level.ordinal() - (la57 ? 0 : 1);
    long root = sketch.state().root();
    long at = sketch.map(root, page, Level.PT).get(index);
    sketch.map(root, neighbour, Level.PT);
    long entry = sketch.get(at);
    // The other table has pages for both addresses as well.
    long other = sketch.table();
    sketch.set(at, GenSketch.TABLE | other);
    sketch.map(root, page, Level.PT);
    sketch.map(root, neighbour, Level.PT);
    sketch.set(at, change.before(entry));
    sketch.touch(how, page, 1);
    if (whom == 1) {
      sketch.touch(how, neighbour, 1);
    }
    sketch.add(new Action.Store(at, change.after(entry, other)));
    long asked = whom == 0 ? page : neighbour;
    invalidation.add(sketch, asked);
    sketch.touch(how, asked, 1);
    sketch.touch(how, whom == 0 ? neighbour : page, 1);
    sketch.add(new Action.MovCr3(sketch.state().cr3()));
    sketch.touch(how, asked, 1);
    return sketch.draft();
  }

  /** A machine that may have PCIDs and global pages, each half of the time. */
  static GenSketch sketch(RandomGenerator random, boolean la57) {
    GenSketch sketch =
        new GenSketch(random, GenSketch.allBut(Feature.LAM, Feature.CET, Feature.CET_SS), la57);
    Registers state = sketch.state();
    if (sketch.oneIn(2)) {
      state = state.withCr4(state.cr4() | Cr4.PCIDE);
      state = state.withCr3(state.cr3() | sketch.random().nextInt(4));
    }
    sketch.state(state.withCr4(state.cr4() | (sketch.oneIn(2) ? Cr4.PGE : 0)));
    return sketch;
  }
}
