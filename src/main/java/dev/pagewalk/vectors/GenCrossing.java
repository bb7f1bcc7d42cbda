package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Accesses of 2, 4 and 8 bytes that lie in two pages, of which either may refuse them. */
final class GenCrossing implements GenMaker {
  private static final int REGISTERS =
      RightsSetting.USER
          | RightsSetting.AC
          | RightsSetting.WP
          | RightsSetting.SMEP
          | RightsSetting.SMAP
          | RightsSetting.NXE
          | RightsSetting.PKE
          | RightsSetting.PKS;

  private final RightsSpace space;
  private final List<Target> targets = new ArrayList<>();

  /** What is wrong with a page. */
  private enum Fault {
    NONE,
    PRESENT,
    RESERVED,
    RIGHTS
  }

  /** The level at whose boundary the pages meet, and what is wrong with each of them. */
  private record Target(AccessKind kind, boolean user, Level level, Fault lower, Fault upper) {}

  GenCrossing(RightsSpace space) {
    this.space = space;
    for (AccessKind kind : List.of(AccessKind.READ, AccessKind.WRITE)) {
      for (Level level : Level.values()) {
        for (Fault lower : Fault.values()) {
          for (Fault upper : Fault.values()) {
            targets.add(new Target(kind, false, level, lower, upper));
            targets.add(new Target(kind, true, level, lower, upper));
          }
        }
      }
    }
  }

  @Override
  public int round() {
    return targets.size();
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    Target target = targets.get(GenMaker.spread(number, targets.size()));
    boolean la57 = target.level == Level.PML5 || random.nextInt(8) == 0;
    GenSketch sketch =
        new GenSketch(random, GenSketch.allBut(Feature.LAM, Feature.CET, Feature.CET_SS), la57);
    RightsSetting badSetting = refusing(target, random);
    Page bad = new Page(badSetting, random.nextInt(16));
    Page good = new Page(like(badSetting, target), bad.key ^ (1 + random.nextInt(15)));
    Registers any = sketch.state().withPkru(random.nextInt()).withPkrs(random.nextInt());
    Registers withBad = bad.setting.registers(any, bad.key);
    sketch.state(good.setting.registers(withBad, good.key));
    long upper = boundary(target.level, sketch);
    int size = 2 << random.nextInt(3);
    long address = upper - 1 - random.nextInt(size - 1);
    place(sketch, address, target.lower, target.lower == Fault.RIGHTS ? bad : good);
    place(sketch, upper, target.upper, target.upper == Fault.RIGHTS ? bad : good);
    sketch.touch(badSetting, address, size);
    return sketch.draft();
  }

  /** What rights say of a page, and its key. */
  private record Page(RightsSetting setting, int key) {}

  /** A setting under which an access of this kind is refused. */
  private RightsSetting refusing(Target target, RandomGenerator random) {
    List<RightsSpace.Case> cases =
        space.cases(Optional.empty()).stream()
            .filter(which -> isOf(target, which) && !which.violated().isEmpty())
            .toList();
    return space.pick(cases.get(random.nextInt(cases.size())), random);
  }

  /** A page that may be accessed under the same registers; a supervisor or a user page. */
  private RightsSetting like(RightsSetting bad, Target target) {
    return space.cases(Optional.empty()).stream()
        .filter(which -> isOf(target, which) && which.violated().isEmpty())
        .flatMap(which -> space.settings(which).stream())
        .filter(setting -> ((setting.bits() ^ bad.bits()) & REGISTERS) == 0)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isOf(Target target, RightsSpace.Case which) {
    return which.kind() == target.kind && which.user() == target.user;
  }

  /** A linear address at which a new entry begins at {@code level}, and none above it. */
  private static long boundary(Level level, GenSketch sketch) {
    long span = level.span();
    long address = sketch.address() & -span;
    return level.index(address) % (Level.ENTRIES / 2) == 0 ? address + span : address;
  }

  private static void place(GenSketch sketch, long address, Fault fault, Page page) {
    List<Level> leaves = List.of(Level.PT, Level.PT, Level.PT, Level.PD, Level.PD, Level.PDPT);
    Level leaf = leaves.get(sketch.random().nextInt(leaves.size()));
    List<Long> path = sketch.map(sketch.state().root(), address, leaf);
    long at = path.getLast();
    sketch.clear(at, Entry.KEY);
    sketch.or(at, (long) page.key << Entry.KEY_SHIFT);
    GenRights.take(sketch, page.setting, path, path.size() - 1);
    GenRights.unmark(sketch, path);
    switch (fault) {
      case PRESENT -> sketch.clear(path.get(sketch.random().nextInt(path.size())), Entry.P);
      case RESERVED -> GenRights.spoil(sketch, path, path.size() - 1);
      case NONE, RIGHTS -> {}
    }
  }
}
