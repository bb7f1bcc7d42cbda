package dev.pagewalk.machine.replay;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.machine.CostFile.Cache;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;
import java.util.List;

/**
 * Where a core finds the words of page tables: a small hierarchy of set-associative caches with
 * least-recently-used replacement, of which a word found in one is put into all nearer ones.
 *
 * <p>It is looked into only when a walk has happened: the words that were read are those at the end
 * of the way from the root to where the walk ended. MODEL: table words alone lie in these caches;
 * neither data nor the kernel's own reads and writes of tables pass them.
 */
final class TableCaches {
  private static final int LINE_SHIFT = 6;
  private static final int LEVELS = 4;
  private static final int INDEX_BITS = 9;

  private final PhysicalMemory memory;
  private final Level[] levels;

  /** By place, from the nearest cache, memory last: words that were found there. */
  private final long[] found;

  private final long[] slots = new long[LEVELS];

  TableCaches(PhysicalMemory memory, List<Cache> caches) {
    this.memory = memory;
    this.levels = caches.stream().map(Level::new).toArray(Level[]::new);
    this.found = new long[caches.size() + 1];
  }

  /** Words found at a place: 0 the nearest cache, and so on, the last one memory. */
  long found(int place) {
    return found[place];
  }

  /**
   * Accounts for the walks of one translation.
   *
   * @param root physical address of the top-level table
   * @param address that was translated
   * @param words that were read
   */
  void walked(long root, long address, long words) {
    long table = root;
    int depth = 0;
    while (true) {
      int level = LEVELS - depth;
      int shift = 12 + INDEX_BITS * (level - 1);
      long slot = table + ((address >>> shift) & ((1 << INDEX_BITS) - 1)) * Long.BYTES;
      slots[depth++] = slot;
      long entry = memory.read64(slot);
      boolean leads = (entry & Entry.P) != 0 && (level == LEVELS || (entry & Entry.PS) == 0);
      if (level == 1 || !leads) {
        break;
      }
      table = Entry.table(entry);
    }
    for (int i = (int) Math.max(0, depth - words); i < depth; i++) {
      found[place(slots[i] >>> LINE_SHIFT)]++;
    }
    // A walk that began anew has read its words a second time.
    found[0] += Math.max(0, words - depth);
  }

  /** Finds a line and puts it into the nearer caches. */
  private int place(long line) {
    int place = 0;
    while (place < levels.length && !levels[place].use(line)) {
      place++;
    }
    return place;
  }

  /** One cache: for each set its tags, 0 for none, and the order of their use. */
  private static final class Level {
    private static final int FOUR = 4;
    private static final long ONES = 0x1111_1111_1111_1111L;
    private static final long TOPS = ONES << 3;

    private static final long BYTES = 0x0101_0101_0101_0101L;
    private static final int SPREAD = 0x9e37_79b1;

    private final int[] tags;

    /** By set: a byte of each way's tag, eight in a word, so that most ways need not be asked. */
    private final long[] marks;

    private final int words;

    /** By set: its ways, four bits each, the most recently used in the lowest. */
    private final long[] orders;

    private final int ways;
    private final int setMask;
    private final int setBits;

    Level(Cache cache) {
      ways = cache.ways();
      setMask = cache.sets() - 1;
      setBits = Integer.bitCount(setMask);
      tags = new int[cache.sets() * cache.ways()];
      words = Math.ceilDiv(ways, Long.BYTES);
      marks = new long[cache.sets() * words];
      orders = new long[cache.sets()];
      Arrays.fill(orders, 0xfedc_ba98_7654_3210L);
    }

    /** Whether the line is there; it is afterwards, and the last to go. */
    boolean use(long line) {
      int set = (int) line & setMask;
      int first = set * ways;
      int tag = (int) (line >>> setBits) + 1;
      long order = orders[set];
      if (tags[first + ((int) order & 0xf)] == tag) {
        return true;
      }
      int hit = find(set, tag);
      int place;
      int way;
      if (hit >= 0) {
        // Its four bits are the lowest that are all 0 here.
        long differs = order ^ (hit * ONES);
        place = Long.numberOfTrailingZeros((differs - ONES) & ~differs & TOPS) & -FOUR;
        way = hit;
      } else {
        place = FOUR * (ways - 1);
        way = (int) (order >>> place) & 0xf;
        tags[first + way] = tag;
        mark(set, way, tag);
      }
      long older = order & ((-1L << place) << FOUR);
      long newer = order & ~(-1L << place);
      orders[set] = older | (newer << FOUR) | way;
      return hit >= 0;
    }

    /** The way that has the tag, or -1. */
    private int find(int set, int tag) {
      long wanted = BYTES * ((tag * SPREAD) >>> 24);
      for (int word = 0; word < words; word++) {
        long differs = marks[set * words + word] ^ wanted;
        // The lowest bit set here is of a byte that is equal; those above may be wrong.
        long equal = (differs - BYTES) & ~differs & (BYTES << 7);
        while (equal != 0) {
          int way = word * Long.BYTES + (Long.numberOfTrailingZeros(equal) >>> 3);
          if (way < ways && tags[set * ways + way] == tag) {
            return way;
          }
          equal &= equal - 1;
        }
      }
      return -1;
    }

    private void mark(int set, int way, int tag) {
      int word = set * words + (way >>> 3);
      int shift = (way & 7) << 3;
      marks[word] = (marks[word] & ~(0xffL << shift)) | ((long) ((tag * SPREAD) >>> 24) << shift);
    }
  }
}
