package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Accessed and dirty flags between software and processor: software stores an entry that a TLB may
 * hold, with flags cleared, another page, or less allowed, and the page is accessed before anything
 * is invalidated. Both outcomes are right then, and the flags that either would set are open; after
 * the invalidation all is certain again.
 */
final class GenRaces implements GenMaker {
  private static final List<Level> LEAVES = List.of(Level.PT, Level.PD, Level.PDPT);
  private static final long MARKS = Entry.A | Entry.D;

  /** What software stores. */
  private enum Store {
    CLEAN,
    UNACCESSED,
    UNMARKED,
    UNACCESSED_TABLE,
    REMAPPED,
    REMAPPED_CLEAN,
    REMOVED,
    WRITE_PROTECTED,
    OTHER_TABLE
  }

  @Override
  public int round() {
    return Store.values().length * LEAVES.size() * GenInvalidation.values().length * 4;
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    GenChoices choices = new GenChoices(number, round());
    Store store = choices.of(Store.values());
    Level leaf = choices.of(LEAVES);
    GenInvalidation invalidation = choices.of(GenInvalidation.values());
    boolean firstWrites = !choices.yes();
    int user = choices.yes() ? 0 : RightsSetting.USER;
    GenSketch sketch = GenStructureCache.sketch(random, random.nextInt(8) == 0);
    RightsSetting read = new RightsSetting(AccessKind.READ, user);
    RightsSetting write = new RightsSetting(AccessKind.WRITE, user);
    long address = sketch.address();
    List<Long> path = sketch.map(sketch.state().root(), address, leaf);
    GenRights.unmark(sketch, path);
    sketch.touch(firstWrites ? write : read, address, 8);
    sketch.add(stored(sketch, store, path, leaf));
    sketch.touch(sketch.oneIn(3) ? read : write, address, 8);
    if (sketch.oneIn(2)) {
      sketch.touch(write, address, 4);
    }
    invalidation.add(sketch, address);
    sketch.touch(sketch.oneIn(2) ? read : write, address, 8);
    sketch.add(new Action.MovCr3(sketch.state().cr3()));
    sketch.touch(write, address, 2);
    return sketch.draft();
  }

  private static Action stored(GenSketch sketch, Store store, List<Long> path, Level leaf) {
    long at = path.getLast();
    long now = sketch.get(at) | MARKS;
    int above = sketch.random().nextInt(path.size() - 1);
    return switch (store) {
      case CLEAN -> new Action.Store(at, now & ~Entry.D);
      case UNACCESSED -> new Action.Store(at, now & ~Entry.A);
      case UNMARKED -> new Action.Store(at, now & ~MARKS);
      case UNACCESSED_TABLE ->
          new Action.Store(path.get(above), sketch.get(path.get(above)) & ~Entry.A);
      case REMAPPED -> new Action.Store(at, remapped(sketch, now, leaf) & ~MARKS);
      case REMAPPED_CLEAN -> new Action.Store(at, remapped(sketch, now, leaf) & ~Entry.D);
      case REMOVED -> new Action.Store(at, now & ~Entry.P);
      case WRITE_PROTECTED -> new Action.Store(at, now & ~Entry.RW & ~MARKS);
      case OTHER_TABLE -> otherTable(sketch, path, leaf);
    };
  }

  private static long remapped(GenSketch sketch, long entry, Level leaf) {
    return (entry & ~Entry.ADDRESS) | sketch.page(leaf);
  }

  /** The last table is replaced by one that maps another page, not accessed yet. */
  private static Action otherTable(GenSketch sketch, List<Long> path, Level leaf) {
    long at = path.getLast();
    long table = sketch.table();
    sketch.set(table | (at & 0xfff), remapped(sketch, sketch.get(at), leaf) & ~MARKS);
    long above = path.get(path.size() - 2);
    return new Action.Store(above, (sketch.get(above) & ~Entry.ADDRESS) | table);
  }
}
