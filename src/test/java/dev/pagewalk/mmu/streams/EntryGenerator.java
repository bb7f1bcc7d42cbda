package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import java.util.List;
import java.util.SplittableRandom;

/** Draws paging-structure entries: mostly good ones, and every kind of bad one. */
final class EntryGenerator {
  private static final int UPPER_HALF = Level.ENTRIES / 2;

  /** Bits that an edit flips: rights and marks more often than others. */
  private static final long[] FLIPS = {
    Entry.P,
    Entry.RW,
    Entry.RW,
    Entry.RW,
    Entry.US,
    Entry.US,
    Entry.XD,
    Entry.A,
    Entry.D,
    Entry.D,
    Entry.G,
    Entry.PS,
    Entry.PWT,
    1L << Entry.KEY_SHIFT,
    1L << 62,
    1L << 12,
    1L << 13,
    1L << 21,
    1L << 30,
    1L << 35,
    1L << 52,
    Entry.R
  };

  private final Layout layout;
  private final int maxPhyAddr;
  private final Habits habits;
  private final SplittableRandom random;

  EntryGenerator(Layout layout, int maxPhyAddr, Habits habits, SplittableRandom random) {
    this.layout = layout;
    this.maxPhyAddr = maxPhyAddr;
    this.habits = habits;
    this.random = random;
  }

  /** An entry for the word at {@code pa}. */
  long draw(long pa) {
    int kind = random.nextInt(100);
    if (kind < 8) {
      return random.nextBoolean() ? 0 : random.nextLong() & ~Entry.P;
    }
    Level level = layout.level(pa);
    boolean kernel = isKernel(pa);
    boolean leaf = isLeaf(level);
    long entry = Entry.P | flags() | (leaf ? page(level) : table(level, kernel));
    if (leaf) {
      entry |= kernel && chance(habits.globals()) ? Entry.G : 0;
      entry |= chance(20) ? (long) random.nextInt(16) << Entry.KEY_SHIFT : 0;
    }
    return kind == 8 ? entry | reserved(level) : entry;
  }

  /** The word at {@code pa}, which is {@code entry}, with a bit or two changed. */
  long flip(long pa, long entry) {
    if (chance(30)) {
      // What an operating system does to learn which pages are in use.
      return entry & ~(chance(50) ? Entry.A | Entry.D : chance(50) ? Entry.A : Entry.D);
    }
    long flipped = FLIPS[random.nextInt(FLIPS.length)];
    flipped ^= chance(20) ? FLIPS[random.nextInt(FLIPS.length)] : 0;
    boolean plain = habits.large() + habits.globals() == 0;
    boolean global = isKernel(pa) && habits.globals() != 0;
    flipped &= plain ? ~Entry.PS : -1;
    return entry ^ (global || chance(2) ? flipped : flipped & ~Entry.G);
  }

  /** Whether the word at {@code pa} belongs to the part that all address spaces share. */
  boolean isKernel(long pa) {
    Level level = layout.level(pa);
    if (level == layout.rootLevel()) {
      return ((pa >>> 3) & (Level.ENTRIES - 1)) >= UPPER_HALF;
    }
    return layout.tables(level).getFirst() == Entry.table(pa);
  }

  private boolean isLeaf(Level level) {
    return switch (level) {
      case PML5, PML4 -> false;
      case PDPT -> chance(habits.large());
      case PD -> chance(2 * habits.large());
      case PT -> true;
    };
  }

  private long flags() {
    long flags = random.nextLong() & (Entry.PWT | Entry.PCD);
    flags |= chance(10) ? random.nextLong() & (0x7fL << 52 | 7L << 9) : 0;
    flags |= chance(90) ? Entry.RW : 0;
    flags |= chance(85) ? Entry.US : 0;
    flags |= chance(25) ? Entry.A : 0;
    flags |= chance(20) ? Entry.D : 0;
    return chance(habits.executeDisable()) ? flags | Entry.XD : flags;
  }

  private long page(Level level) {
    long address = random.nextLong() & ((1L << maxPhyAddr) - 1) & -level.span();
    long pat = level == Level.PT ? Entry.PAT_4K : Entry.PAT_LARGE;
    return address | (level == Level.PT ? 0 : Entry.PS) | (chance(20) ? pat : 0);
  }

  /** The address of a table for an entry of {@code level}: the kernel has its own. */
  private long table(Level level, boolean kernel) {
    if (chance(habits.chaos())) {
      if (chance(15)) {
        // A hole, or zero memory.
        return random.nextLong() & ((1L << maxPhyAddr) - 1) & 0xff_f000L;
      }
      return layout.frames().get(random.nextInt(layout.frames().size()));
    }
    List<Long> below = layout.tables(level.next());
    return kernel ? below.getFirst() : below.get(random.nextInt(1, below.size()));
  }

  /** A bit that is reserved at {@code level}, on some processors at least. */
  private long reserved(Level level) {
    return switch (random.nextInt(4)) {
      case 0 -> Entry.XD;
      case 1 -> maxPhyAddr == 52 ? 0 : 1L << random.nextInt(maxPhyAddr, 52);
      case 2 -> level == Level.PT ? 0 : Entry.PS;
      default -> level == Level.PT ? 0 : Entry.G;
    };
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
