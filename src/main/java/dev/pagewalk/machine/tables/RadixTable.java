package dev.pagewalk.machine.tables;

import dev.pagewalk.kernel.policy.LongIntMap;
import java.util.Arrays;

/**
 * A radix tree of one to five levels: each level's word is found by some bits of the page number.
 * One tree for each process.
 *
 * <p>Up to four levels share the 36 bits of a 48-bit address's page number equally; four are those
 * of x86-64. Five have 9 bits each, for 57-bit addresses. A table has 2^bits words, and takes
 * memory whole, a page at least.
 */
final class RadixTable implements PageTable {
  private static final int BITS_OF_48 = 36;
  private static final int BITS_OF_57 = 45;
  private static final long LEAST_BYTES = 4096;

  private final int levels;
  private final int width;
  private final int bits;

  /** The tables below each level but the last, by the bits that lead to them. */
  private final LongIntMap[] tables;

  /** Pages mapped. */
  private final LongIntMap leaves = new LongIntMap();

  private final LongIntMap roots = new LongIntMap();
  private boolean missed;

  /** A tree of {@code levels} levels, 1 to 5. */
  RadixTable(int levels) {
    if (levels < 1 || levels > 5) {
      throw new IllegalArgumentException("expected 1 to 5 levels, not " + levels);
    }
    this.levels = levels;
    this.width = levels == 5 ? BITS_OF_57 : BITS_OF_48;
    this.bits = width / levels;
    this.tables = new LongIntMap[levels - 1];
    Arrays.setAll(tables, level -> new LongIntMap());
  }

  @Override
  public String name() {
    return "radix-" + levels;
  }

  @Override
  public String shape() {
    return levels + " × " + bits + " bits of a " + (width + 12) + "-bit address";
  }

  @Override
  public int walk(int process, long page) {
    long number = page & ((1L << width) - 1);
    roots.number(process);
    missed = isNew(leaves, Hash.key(process, number));
    if (!missed) {
      return levels;
    }
    int words = levels;
    for (int level = levels - 2; level >= 0; level--) {
      long prefix = number >>> (width - (level + 1) * bits);
      if (!isNew(tables[level], Hash.key(process, prefix))) {
        // Everything above is there too.
        return words;
      }
      // The word that would have led here is the last one read.
      words = level + 1;
    }
    return words;
  }

  private static boolean isNew(LongIntMap set, long key) {
    int before = set.size();
    set.number(key);
    return set.size() > before;
  }

  @Override
  public boolean missed() {
    return missed;
  }

  @Override
  public long bytes() {
    long count = roots.size();
    for (LongIntMap level : tables) {
      count += level.size();
    }
    return count * Math.max(LEAST_BYTES, (long) Long.BYTES << bits);
  }
}
