package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Single accesses, forbidden by each set of rules that there is, in each way. */
final class GenRights implements GenMaker {
  private static final int MANY = 12;
  private static final List<Level> LEAVES = List.of(Level.PT, Level.PD, Level.PDPT);

  private final RightsSpace space;
  private final List<Target> targets = new ArrayList<>();

  /** What ends a walk before rights are asked. */
  private enum Stop {
    NONE,
    PRESENT,
    RESERVED,
    /** An entry that is not present and has a reserved bit. */
    BOTH,
    /** The address itself. */
    CANONICAL,
    /** The address of the last bytes, behind the edge. */
    EDGE,
    /** The same, and the page before it is not present. */
    EDGE_PRESENT,
    /** The same, and it has a reserved bit. */
    EDGE_RESERVED;

    boolean isEdge() {
      return compareTo(EDGE) >= 0;
    }
  }

  /**
   * What a vector is to show.
   *
   * @param which rules forbid the access
   * @param stop what ends its walk before that
   * @param level of the entry that does, or that takes the right away; any if there is none
   * @param leaf level of the entry that maps the page; any if there is none
   */
  private record Target(
      RightsSpace.Case which, Stop stop, Optional<Level> level, Optional<Level> leaf) {
    boolean isFiveLevel(RandomGenerator random) {
      return level.equals(Optional.of(Level.PML5)) || random.nextInt(8) == 0;
    }
  }

  private final boolean fiveLevel;

  private GenRights(RightsSpace space, boolean fiveLevel) {
    this.space = space;
    this.fiveLevel = fiveLevel;
  }

  /** Every rule and every pair of rules that can stand in the way of one ordinary access. */
  static GenRights rules(RightsSpace space) {
    GenRights rights = new GenRights(space, false);
    for (RightsSpace.Case which : space.cases(Optional.empty())) {
      rights.add(which, Stop.NONE, Optional.empty());
      if (which.violated().isEmpty()) {
        for (Level level : Level.values()) {
          rights.add(which, Stop.PRESENT, Optional.of(level));
          rights.add(which, Stop.RESERVED, Optional.of(level));
          rights.add(which, Stop.BOTH, Optional.of(level));
        }
        rights.add(which, Stop.CANONICAL, Optional.empty());
      }
      rights.add(which, Stop.PRESENT, Optional.empty());
      rights.add(which, Stop.RESERVED, Optional.empty());
      if (which.kind() != AccessKind.FETCH) {
        rights.add(which, Stop.EDGE, Optional.empty());
        rights.add(which, Stop.EDGE_PRESENT, Optional.empty());
        rights.add(which, Stop.EDGE_RESERVED, Optional.empty());
      }
    }
    return rights;
  }

  /**
   * The same for accesses of an extension. Where one rule or none forbids the access, it does so in
   * many ways: a page that is no shadow stack may be anything else.
   */
  static GenRights ofExtension(RightsSpace space, Extension extension) {
    GenRights rights = new GenRights(space, false);
    for (RightsSpace.Case which : space.cases(Optional.of(extension))) {
      for (int i = which.violated().size() > 1 ? 2 : MANY; i > 0; i--) {
        rights.add(which, Stop.NONE, Optional.empty());
      }
      rights.add(which, Stop.PRESENT, Optional.empty());
      rights.add(which, Stop.RESERVED, Optional.empty());
      rights.add(which, Stop.EDGE, Optional.empty());
      if (which.violated().isEmpty()) {
        rights.add(which, Stop.BOTH, Optional.empty());
        rights.add(which, Stop.CANONICAL, Optional.empty());
        rights.add(which, Stop.EDGE_PRESENT, Optional.empty());
        rights.add(which, Stop.EDGE_RESERVED, Optional.empty());
      }
    }
    return rights;
  }

  /** Under 5-level paging: every set of rules, the right taken away at each level. */
  static GenRights fiveLevel(RightsSpace space) {
    GenRights rights = new GenRights(space, true);
    for (RightsSpace.Case which : space.cases(Optional.empty())) {
      for (Level level : Level.values()) {
        for (Level leaf : LEAVES) {
          if (level.compareTo(leaf) <= 0) {
            rights.targets.add(new Target(which, Stop.NONE, Optional.of(level), Optional.of(leaf)));
          }
        }
      }
    }
    return rights;
  }

  private void add(RightsSpace.Case which, Stop stop, Optional<Level> level) {
    targets.add(new Target(which, stop, level, Optional.empty()));
  }

  @Override
  public int round() {
    return targets.size();
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    Target target = targets.get(GenMaker.spread(number, targets.size()));
    boolean ofShadowStack = target.which.kind().isShadowStack();
    Set<Feature> features =
        ofShadowStack
            ? GenSketch.allBut(Feature.LAM, Feature.INVPCID)
            : GenSketch.allBut(Feature.LAM, Feature.CET, Feature.CET_SS, Feature.INVPCID);
    boolean la57 = fiveLevel || target.isFiveLevel(random);
    GenSketch sketch = new GenSketch(random, features, la57);
    RightsSetting setting = space.pick(target.which, random);
    int key = random.nextInt(16);
    Registers any = sketch.state().withPkru(random.nextInt()).withPkrs(random.nextInt());
    sketch.state(setting.registers(any, key));
    Level leaf = target.leaf.orElseGet(() -> leaf(target, random));
    long address = address(target, sketch);
    long page = target.stop == Stop.CANONICAL ? sketch.address() : address;
    List<Long> path = sketch.map(sketch.state().root(), page, leaf);
    sketch.or(path.getLast(), (long) key << Entry.KEY_SHIFT);
    take(sketch, setting, path, takenAt(target, path, random));
    unmark(sketch, path);
    if (ofShadowStack) {
      sketch.set(path.getLast(), setting.leaf(sketch.get(path.getLast())));
    }
    stop(sketch, target, path);
    int size = target.stop.isEdge() ? 8 : sketch.size(setting.kind());
    sketch.touch(setting, address, size);
    if (target.which.extension().isPresent() && sketch.oneIn(2)) {
      another(sketch, setting, address);
    }
    return sketch.draft();
  }

  /** Behind an access of an extension, when a TLB may hold the page: one that differs from it. */
  private static void another(GenSketch sketch, RightsSetting setting, long address) {
    AccessKind kind = sketch.oneIn(2) ? AccessKind.READ : AccessKind.WRITE;
    int bits = setting.bits();
    RightsSetting other =
        switch (sketch.random().nextInt(4)) {
          case 0 -> new RightsSetting(setting.kind(), bits ^ RightsSetting.AC);
          case 1 -> new RightsSetting(setting.kind(), bits ^ RightsSetting.USER);
          case 2 -> new RightsSetting(kind, bits & ~RightsSetting.IMPLICIT);
          default ->
              setting.kind().isShadowStack()
                  ? new RightsSetting(kind.ofShadowStack(), bits)
                  : new RightsSetting(kind, bits);
        };
    sketch.touch(other, address & -8, 8);
  }

  private static Level leaf(Target target, RandomGenerator random) {
    if (random.nextInt(3) > 0) {
      // Not everybody has pages of 1 GiB.
      return Level.PT;
    }
    boolean stopsAtPt = target.level.equals(Optional.of(Level.PT));
    boolean stopsAtPd = target.level.equals(Optional.of(Level.PD));
    return LEAVES.get(random.nextInt(stopsAtPt ? 1 : stopsAtPd ? 2 : 3));
  }

  private static long address(Target target, GenSketch sketch) {
    int width = sketch.state().linearWidth();
    long address = sketch.address();
    return switch (target.stop) {
      case EDGE, EDGE_PRESENT, EDGE_RESERVED ->
          target.which.kind().isShadowStack()
              ? (1L << (width - 1)) - 4
              : (1L << (width - 1)) - 1 - sketch.random().nextInt(7);
      case CANONICAL -> address ^ (1L << (width - 1 + sketch.random().nextInt(65 - width)));
      default -> address;
    };
  }

  /** The index in the path of the entry that takes rights away; -1 for any. */
  private int takenAt(Target target, List<Long> path, RandomGenerator random) {
    if (!fiveLevel) {
      return random.nextInt(path.size());
    }
    return target.level.orElseThrow().ordinal();
  }

  /** Has the entry at {@code index} take away what the setting's page does not allow. */
  static void take(GenSketch sketch, RightsSetting setting, List<Long> path, int index) {
    long taken = setting.taken();
    if (setting.kind().isShadowStack() && (taken & Entry.RW) != 0) {
      sketch.clear(path.get(Math.min(index, path.size() - 2)), Entry.RW);
      taken &= ~Entry.RW;
    }
    sketch.clear(path.get(index), taken);
    if (setting.is(RightsSetting.PAGE_XD)) {
      sketch.or(path.get(index), Entry.XD);
    }
  }

  /** Clears some accessed bits, and dirty bits, so that there is something to be marked. */
  static void unmark(GenSketch sketch, List<Long> path) {
    for (long at : path) {
      if (sketch.oneIn(3)) {
        sketch.clear(at, Entry.A);
      }
    }
    if (sketch.oneIn(2)) {
      sketch.clear(path.getLast(), Entry.D);
    }
  }

  private static void stop(GenSketch sketch, Target target, List<Long> path) {
    int levels = sketch.state().la57() ? 0 : 1;
    int index =
        target.level.isPresent()
            ? target.level.get().ordinal() - levels
            : sketch.random().nextInt(path.size());
    switch (target.stop) {
      case PRESENT, EDGE_PRESENT -> sketch.clear(path.get(index), Entry.P);
      case RESERVED, EDGE_RESERVED -> spoil(sketch, path, index);
      case BOTH -> {
        spoil(sketch, path, index);
        sketch.clear(path.get(index), Entry.P);
      }
      case NONE, CANONICAL, EDGE -> {}
    }
  }

  /** Sets a reserved bit of the entry at {@code index}. */
  static void spoil(GenSketch sketch, List<Long> path, int index) {
    long at = path.get(index);
    long bits = sketch.cpu().unimplementedAddressBits();
    bits |= sketch.state().nxe() ? 0 : Entry.XD;
    int fromRoot = index + (sketch.state().la57() ? 0 : 1);
    if (fromRoot <= Level.PML4.ordinal()) {
      bits |= Entry.PS;
    }
    boolean leaf = index == path.size() - 1;
    if (leaf && fromRoot != Level.PT.ordinal()) {
      bits |= fromRoot == Level.PD.ordinal() ? 0x1f_e000L : 0x3fff_e000L;
    }
    if (bits == 0) {
      // All 52 bits are implemented: XD is reserved without NXE.
      sketch.state(sketch.state().withEfer(sketch.state().efer() & ~Efer.NXE));
      bits = Entry.XD;
    }
    int chosen = sketch.random().nextInt(Long.bitCount(bits));
    for (; chosen > 0; chosen--) {
      bits &= bits - 1;
    }
    sketch.or(at, Long.lowestOneBit(bits));
  }
}
