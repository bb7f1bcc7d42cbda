package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What TLBs may keep and what they must not: a page is used, its entry or a register that rights
 * depend on changes, and it is used again.
 */
final class GenTlb implements GenMaker {
  private static final List<Level> LEAVES = List.of(Level.PT, Level.PD, Level.PDPT);

  /** What happens between the two accesses. */
  private enum Event {
    REMAPPED,
    MADE_PRESENT,
    OTHER_ROOT,
    WP,
    SMEP,
    SMAP,
    KEY,
    NXE,
    WRITE_AFTER_READ,
    FETCH_AFTER_READ
  }

  @Override
  public int round() {
    return Event.values().length * LEAVES.size() * GenInvalidation.values().length * 3 * 2 * 2;
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    GenChoices choices = new GenChoices(number, round());
    Event event = choices.of(Event.values());
    Level leaf = choices.of(LEAVES);
    GenInvalidation invalidation = choices.of(GenInvalidation.values());
    AccessKind kind = choices.kind();
    boolean user = choices.yes();
    boolean global = choices.yes() || invalidation == GenInvalidation.TOGGLE_PGE;
    GenSketch sketch = GenStructureCache.sketch(random, random.nextInt(8) == 0);
    if (global && !sketch.oneIn(4)) {
      sketch.state(sketch.state().withCr4(sketch.state().cr4() | Cr4.PGE));
    }
    long address = sketch.address();
    List<Long> path = sketch.map(sketch.state().root(), address, leaf);
    if (global) {
      sketch.or(path.getLast(), Entry.G);
    }
    RightsSetting how = new RightsSetting(kind, user ? RightsSetting.USER : 0);
    happen(sketch, new Scene(event, how, address, path, invalidation));
    return sketch.draft();
  }

  /** What a sequence is about. */
  private record Scene(
      Event event, RightsSetting how, long address, List<Long> path, GenInvalidation invalidation) {
    RightsSetting by(AccessKind kind) {
      return new RightsSetting(kind, how.bits());
    }
  }

  private static void happen(GenSketch sketch, Scene scene) {
    long leaf = scene.path.getLast();
    long address = scene.address;
    Registers state = sketch.state();
    switch (scene.event) {
      case REMAPPED -> {
        sketch.touch(scene.how, address, 1);
        Level level = levelOf(scene.path.size(), state);
        long page = (sketch.get(leaf) & ~Entry.ADDRESS) | sketch.page(level);
        sketch.add(new Action.Store(leaf, page));
        scene.invalidation.add(sketch, address);
      }
      case MADE_PRESENT -> {
        long at = scene.path.get(sketch.random().nextInt(scene.path.size()));
        long present = sketch.get(at);
        sketch.clear(at, Entry.P);
        sketch.touch(scene.how, address, 1);
        sketch.add(new Action.Store(at, present));
      }
      case OTHER_ROOT -> {
        sketch.touch(scene.how, address, 1);
        long root = sketch.table();
        sketch.map(root, address, Level.PT);
        long pcid = state.pcide() ? (state.cr3() & 0xfff) ^ 4 : 0;
        sketch.add(new Action.MovCr3(root | pcid));
        sketch.touch(scene.how, address, 1);
        sketch.add(new Action.MovCr3(state.cr3() | (state.pcide() ? 1L << 63 : 0)));
      }
      case WRITE_AFTER_READ -> {
        sketch.clear(leaf, Entry.D);
        sketch.touch(scene.by(AccessKind.READ), address, 1);
        sketch.touch(scene.by(AccessKind.WRITE), address, 1);
      }
      case FETCH_AFTER_READ -> {
        sketch.or(scene.path.get(sketch.random().nextInt(scene.path.size())), Entry.XD);
        sketch.touch(scene.by(AccessKind.READ), address, 1);
        sketch.touch(scene.by(AccessKind.FETCH), address, 1);
      }
      default -> {
        sketch.touch(scene.how, address, 1);
        register(sketch, scene);
      }
    }
    sketch.touch(scene.how, address, 1);
  }

  private static Level levelOf(int depth, Registers state) {
    return Level.values()[depth - 1 + (state.la57() ? 0 : 1)];
  }

  /** A register that rights depend on changes. */
  private static void register(GenSketch sketch, Scene scene) {
    Registers state = sketch.state();
    switch (scene.event) {
      case WP -> {
        sketch.clear(scene.path.getLast(), Entry.RW);
        sketch.state(state.withCr0(state.cr0() & ~Cr0.WP));
        sketch.add(new Action.MovCr0(state.cr0()));
      }
      case SMEP -> sketch.add(new Action.MovCr4(state.cr4() | Cr4.SMEP));
      case SMAP -> sketch.add(new Action.MovCr4(state.cr4() | Cr4.SMAP));
      case KEY -> {
        sketch.state(state.withCr4(state.cr4() | Cr4.PKE | Cr4.PKS));
        int denied = ProtectionKeys.AD | (sketch.oneIn(2) ? ProtectionKeys.WD : 0);
        if (sketch.oneIn(2)) {
          sketch.clear(scene.path.getLast(), Entry.US);
          sketch.add(new Action.Wrmsr(ProtectionKeys.PKRS_MSR, denied));
        } else {
          sketch.add(new Action.Wrpkru(denied));
        }
      }
      default -> {
        // NXE: a set XD becomes a reserved bit.
        sketch.or(scene.path.get(sketch.random().nextInt(scene.path.size())), Entry.XD);
        sketch.add(new Action.Wrmsr(Efer.MSR, state.efer() & ~Efer.NXE));
        sketch.add(new Action.MovCr3(state.cr3()));
      }
    }
  }
}
