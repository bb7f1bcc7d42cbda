package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Shadow-stack pages as ordinary accesses meet them, and the dirty flag of read-only pages, which
 * processors with shadow stacks leave alone.
 */
final class GenShadowStack implements GenMaker {
  private static final List<Level> LEAVES = List.of(Level.PT, Level.PD, Level.PDPT);

  /** What a page is. */
  private enum Page {
    /** R/W 0 and D 1 where it is mapped, R/W 1 above. */
    SHADOW_STACK,
    READ_ONLY_CLEAN,
    WRITABLE_CLEAN,
    /** As a shadow stack, but a table's entry has R/W 0 too. */
    BELOW_READ_ONLY
  }

  @Override
  public int round() {
    return 3 * 2 * LEAVES.size() * Page.values().length * 3 * 2;
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    GenChoices choices = new GenChoices(number, round());
    AccessKind kind = choices.kind();
    Page page = choices.of(Page.values());
    Level leaf = choices.of(LEAVES);
    // CR4.CET = 1 needs CR0.WP = 1.
    int protection = choices.below(3);
    boolean cet = protection == 2;
    boolean wp = protection > 0;
    boolean user = choices.yes();
    boolean supervisorPage = choices.yes() && !user;
    Set<Feature> features = GenSketch.allBut(Feature.LAM, Feature.PKS);
    GenSketch sketch = new GenSketch(random, features, random.nextInt(8) == 0);
    RightsSetting how =
        new RightsSetting(
            kind,
            (user ? RightsSetting.USER : 0)
                | (wp ? RightsSetting.WP : 0)
                | (random.nextBoolean() ? RightsSetting.NXE : 0)
                | RightsSetting.PAGE_US);
    Registers state = how.registers(sketch.state(), 0);
    sketch.state(state.withCr4(state.cr4() | (cet ? Cr4.CET : 0)));
    long address = sketch.address();
    List<Long> path = sketch.map(state.root(), address, leaf);
    GenRights.unmark(sketch, path);
    shape(sketch, page, path);
    if (supervisorPage) {
      sketch.clear(path.get(random.nextInt(path.size())), Entry.US);
    }
    sketch.touch(how, address, sketch.size(kind));
    if (kind != AccessKind.WRITE && sketch.oneIn(2)) {
      sketch.touch(new RightsSetting(AccessKind.WRITE, how.bits()), address, 8);
    }
    return sketch.draft();
  }

  private static void shape(GenSketch sketch, Page page, List<Long> path) {
    long at = path.getLast();
    sketch.clear(at, Entry.D);
    switch (page) {
      case SHADOW_STACK -> sketch.set(at, (sketch.get(at) | Entry.D) & ~Entry.RW);
      case READ_ONLY_CLEAN -> sketch.clear(at, Entry.RW);
      case WRITABLE_CLEAN -> {}
      case BELOW_READ_ONLY -> {
        sketch.set(at, (sketch.get(at) | Entry.D) & ~Entry.RW);
        sketch.clear(path.get(sketch.random().nextInt(path.size() - 1)), Entry.RW);
      }
    }
  }
}
