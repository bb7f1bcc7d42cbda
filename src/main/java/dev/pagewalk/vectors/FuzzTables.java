package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;

/** Random page tables: paths from a root table to pages, most of them almost right. */
final class FuzzTables {
  private static final long FRAME = 4096;
  private static final int LOW_FRAME_BITS = 21;
  private static final long SOFTWARE_BITS = 0x07f0_0000_0000_0e00L;

  private final RandomGenerator random;
  private final Cpu cpu;
  private final Registers state;
  private final NavigableMap<Long, Long> words;

  /** Whether all entries are marked accessed and dirty from the start. */
  private final boolean marked;

  FuzzTables(RandomGenerator random, FuzzDraft draft, boolean marked) {
    this.random = random;
    this.cpu = draft.cpu();
    this.state = draft.state();
    this.words = draft.words();
    this.marked = marked;
  }

  /** Whether one of {@code n} throws of a die with {@code n} sides hits. */
  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** A page frame: mostly low, sometimes anywhere. */
  static long frame(RandomGenerator random, int maxPhyAddr) {
    boolean high = random.nextInt(12) == 0;
    int bits = high ? Math.min(maxPhyAddr, 45) - 12 : LOW_FRAME_BITS;
    return (random.nextLong() & ((1L << bits) - 1)) * FRAME;
  }

  /**
   * Completes the path for {@code address} below {@code root}, and returns the addresses of its
   * entries, the root's first.
   */
  List<Long> path(long root, long address) {
    boolean user = random.nextInt(5) < 3;
    List<Long> path = new ArrayList<>();
    long table = root;
    for (Level level = Level.root(state.la57()); ; level = level.next()) {
      long at = table + 8L * level.index(address);
      path.add(at);
      Long known = words.get(at);
      if (known == null) {
        known = entry(level, user);
        words.put(at, known);
      }
      boolean leaf = level == Level.PT || (sizes(level) && Entry.has(known, Entry.PS));
      if (leaf) {
        return path;
      }
      table = Entry.table(known) & ((1L << cpu.maxPhyAddr()) - 1);
    }
  }

  private static boolean sizes(Level level) {
    return level == Level.PD || level == Level.PDPT;
  }

  private long entry(Level level, boolean user) {
    boolean leaf = level == Level.PT || (level == Level.PD && oneIn(4)) || isGigabyte(level);
    long entry = Entry.P | frame(random, cpu.maxPhyAddr());
    entry |= oneIn(5) ? 0 : Entry.RW;
    entry |= user != oneIn(12) ? Entry.US : 0;
    entry |= marked || !oneIn(3) ? Entry.A : 0;
    entry |= oneIn(8) && state.nxe() ? Entry.XD : 0;
    entry |= oneIn(6) ? random.nextLong() & (Entry.PWT | Entry.PCD | SOFTWARE_BITS) : 0;
    if (!leaf) {
      entry |= oneIn(8) ? random.nextLong() & (Entry.D | Entry.G | Entry.KEY) : 0;
      return entry & (oneIn(25) ? ~Entry.P : -1);
    }
    entry |= marked || oneIn(2) ? Entry.D : 0;
    entry |= oneIn(3) ? Entry.G : 0;
    entry |= oneIn(2) ? random.nextLong() & Entry.KEY : 0;
    if (level == Level.PT) {
      entry |= oneIn(4) ? Entry.PAT_4K : 0;
    } else {
      entry = (entry & ~((level.span() - 1) & Entry.ADDRESS)) | Entry.PS;
      entry |= oneIn(3) ? Entry.PAT_LARGE : 0;
    }
    return entry & (oneIn(20) ? ~Entry.P : -1);
  }

  private boolean isGigabyte(Level level) {
    return level == Level.PDPT && oneIn(cpu.has(Feature.PAGE1GB) ? 6 : 30);
  }

  /** Sets a bit of one of {@code path}'s entries that may be reserved. */
  void spoil(List<Long> path) {
    int i = random.nextInt(path.size());
    long at = path.get(i);
    long candidates = Entry.ADDRESS & -(1L << cpu.maxPhyAddr());
    int fromLeaf = path.size() - 1 - i;
    candidates |= Entry.XD | Entry.PS;
    if (fromLeaf == 0 && Entry.has(words.get(at), Entry.PS)) {
      candidates |= 0x1f_e000;
    }
    int chosen = random.nextInt(Long.bitCount(candidates));
    for (; chosen > 0; chosen--) {
      candidates &= candidates - 1;
    }
    words.merge(at, Long.lowestOneBit(candidates), (old, bit) -> old | bit);
  }
}
