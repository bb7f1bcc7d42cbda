package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import java.util.List;
import java.util.SplittableRandom;

/** Draws paging-structure entries: mostly good ones, and every kind of bad one. */
final class EntryGenerator {
  private static final long[] RIGHTS = {Entry.RW, Entry.US, Entry.XD};

  /** Bits that an edit flips: rights and marks more often than others. */
  private static final long[] FLIPS = {
    Entry.P, Entry.RW, Entry.RW, Entry.US, Entry.US, Entry.XD, Entry.A, Entry.D, Entry.D, Entry.G,
    Entry.PS, Entry.PWT, Entry.PCD, 1L << Entry.KEY_SHIFT, 1L << 62, 1L << 12, 1L << 13, 1L << 21,
    1L << 30, 1L << 52, Entry.R
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

  /**
   * An entry for a table of {@code level}.
   *
   * @param below tables that it may well reference
   */
  long draw(Level level, List<Long> below) {
    int kind = random.nextInt(100);
    if (kind < 10) {
      return random.nextBoolean() ? 0 : random.nextLong() & ~Entry.P;
    }
    boolean leaf = isLeaf(level);
    long entry = Entry.P | flags() | (leaf ? page(level) : table(below));
    if (leaf) {
      entry |= chance(habits.globals()) ? Entry.G : 0;
      entry |= chance(20) ? (long) random.nextInt(16) << Entry.KEY_SHIFT : 0;
    }
    return kind < 14 ? entry | reserved(level) : entry;
  }

  /** {@code entry} with a bit or two changed. */
  long flip(long entry) {
    long flipped = entry ^ FLIPS[random.nextInt(FLIPS.length)];
    return chance(20) ? flipped ^ FLIPS[random.nextInt(FLIPS.length)] : flipped;
  }

  private boolean isLeaf(Level level) {
    return switch (level) {
      case PML5, PML4 -> false;
      case PDPT -> chance(15);
      case PD -> chance(25);
      case PT -> true;
    };
  }

  private long flags() {
    long flags = (random.nextLong() & (Entry.PWT | Entry.PCD)) | ignored();
    flags |= chance(85) ? Entry.RW : 0;
    flags |= chance(75) ? Entry.US : 0;
    flags |= chance(50) ? Entry.A : 0;
    flags |= chance(40) ? Entry.D : 0;
    return chance(10) ? flags | Entry.XD : flags;
  }

  private long ignored() {
    return chance(10) ? random.nextLong() & (0x7fL << 52 | 7L << 9) : 0;
  }

  private long page(Level level) {
    long address = random.nextLong() & ((1L << maxPhyAddr) - 1) & -level.span();
    long pat = level == Level.PT ? Entry.PAT_4K : Entry.PAT_LARGE;
    return address | (level == Level.PT ? 0 : Entry.PS) | (chance(20) ? pat : 0);
  }

  private long table(List<Long> below) {
    if (chance(habits.chaos())) {
      if (chance(20)) {
        // A hole, in the low part or anywhere.
        return Layout.LOW_BYTES + (random.nextLong() & ((1L << maxPhyAddr) - 1) & 0xff_f000L);
      }
      return layout.frames().get(random.nextInt(layout.frames().size()));
    }
    return below.get(random.nextInt(below.size()));
  }

  /** A bit that is reserved at {@code level}, on some processors at least. */
  private long reserved(Level level) {
    return switch (random.nextInt(4)) {
      case 0 -> Entry.XD;
      case 1 -> maxPhyAddr == 52 ? 0 : 1L << random.nextInt(maxPhyAddr, 52);
      case 2 -> level == Level.PT ? 0 : Entry.PS;
      default -> Entry.G;
    };
  }

  /** One of the bits that restrict rights. */
  long right() {
    return RIGHTS[random.nextInt(RIGHTS.length)];
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
