package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A machine and its steps in the making: tables laid out on purpose, all else random. */
final class GenSketch {
  /** An entry that references a table and takes no right away, marked accessed. */
  static final long TABLE = Entry.P | Entry.RW | Entry.US | Entry.A;

  /** An entry that maps a page and takes no right away, marked accessed and dirty. */
  static final long PAGE = TABLE | Entry.D;

  private static final long FRAME = 4096;

  /** Tables lie below 1 GiB, pages of 4 KiB and 2 MiB in the 4 GiB from here, others above. */
  private static final long SMALL_PAGES = 4L << 30;

  private static final long LARGE_PAGES = 8L << 30;

  private static final int[] WIDTHS = {40, 46, 52, 36, 39};

  private final RandomGenerator random;
  private final Set<Long> frames = new HashSet<>();
  private FuzzDraft draft;

  /** Begins with a processor's features, under 4-level or 5-level paging, all rights off. */
  GenSketch(RandomGenerator random, Set<Feature> features, boolean la57) {
    this.random = random;
    Cpu cpu = new Cpu(WIDTHS[random.nextInt(WIDTHS.length)], features, ModelPresets.SDM);
    Registers state =
        new Registers(
            Cr0.PG | Cr0.PE | Cr0.ET | Cr0.NE | Cr0.WP,
            table(),
            Cr4.PAE | (la57 ? Cr4.LA57 : 0),
            Efer.LME | Efer.LMA | (cpu.has(Feature.NX) ? Efer.NXE : 0),
            0,
            0);
    draft = new FuzzDraft(cpu, state, new TreeMap<>(), new ArrayList<>());
  }

  /** Every feature but those of {@code without}. */
  static Set<Feature> allBut(Feature... without) {
    Set<Feature> features = EnumSet.allOf(Feature.class);
    features.removeAll(List.of(without));
    return features;
  }

  RandomGenerator random() {
    return random;
  }

  /** Whether one of {@code n} throws of a die with {@code n} sides hits. */
  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  Cpu cpu() {
    return draft.cpu();
  }

  /** The registers before the first step. */
  Registers state() {
    return draft.state();
  }

  void state(Registers state) {
    draft = draft.with(state);
  }

  FuzzDraft draft() {
    return draft;
  }

  // --- memory ---

  /** The frame of a table that is nowhere else. */
  long table() {
    return fresh(FRAME, 1 << 18, 0);
  }

  /** The first byte of a page that {@code leaf} maps, and that is nowhere else. */
  long page(Level leaf) {
    return switch (leaf) {
      case PDPT -> fresh(leaf.span(), 8, LARGE_PAGES);
      case PD -> fresh(leaf.span(), 1 << 10, SMALL_PAGES);
      default -> fresh(FRAME, 1 << 19, SMALL_PAGES + (2L << 30));
    };
  }

  private long fresh(long span, int count, long base) {
    while (true) {
      long frame = base + span * random.nextInt(count);
      if (frame != 0 && frames.add(frame)) {
        return frame;
      }
    }
  }

  /** A canonical address of this paging mode, of either half, at times where the upper begins. */
  long address() {
    if (oneIn(24)) {
      long first = -1L << (state().linearWidth() - 1);
      return first + (random.nextLong() & ((1L << 39) - 1) & -8L);
    }
    return LinearAddress.signExtend(random.nextLong(), state().linearWidth()) & -8L;
  }

  /**
   * Maps the page of {@code address} by an entry of level {@code leaf} below {@code root}; entries
   * that are there stay, and may map a larger page.
   *
   * @return the physical addresses of the entries on the way, the root's first
   */
  List<Long> map(long root, long address, Level leaf) {
    List<Long> path = new ArrayList<>();
    long table = root;
    for (Level level = Level.root(state().la57()); ; level = level.next()) {
      long at = table + 8L * level.index(address);
      path.add(at);
      if (level == leaf) {
        long size = leaf == Level.PT ? 0 : Entry.PS;
        draft.words().putIfAbsent(at, PAGE | size | page(leaf));
        return path;
      }
      if (!draft.words().containsKey(at)) {
        set(at, TABLE | table());
      } else if (level.compareTo(Level.PML4) > 0 && Entry.has(get(at), Entry.PS)) {
        return path;
      }
      table = Entry.table(get(at));
    }
  }

  long get(long at) {
    return draft.words().get(at);
  }

  void set(long at, long value) {
    draft.words().put(at, value);
  }

  void or(long at, long bits) {
    set(at, get(at) | bits);
  }

  void clear(long at, long bits) {
    set(at, get(at) & ~bits);
  }

  // --- steps ---

  void add(Action action) {
    draft.actions().add(action);
  }

  /** Adds an access of {@code size} bytes at {@code address}. */
  void touch(RightsSetting how, long address, int size) {
    add(new Action.Touch(how.access(address), size, how.cpl()));
  }

  /** A read, write or fetch, by turns. */
  static AccessKind kind(int number) {
    return AccessKind.values()[number % 3];
  }

  /** A size for an access of that kind: fetches have 1, shadow-stack accesses 4 or 8. */
  int size(AccessKind kind) {
    if (kind.isShadowStack()) {
      return oneIn(2) ? 4 : 8;
    }
    return kind == AccessKind.FETCH ? 1 : 1 << random.nextInt(4);
  }
}
