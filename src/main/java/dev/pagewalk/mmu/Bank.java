package dev.pagewalk.mmu;

import dev.pagewalk.arch.Replacement;

/**
 * A second-level TLB or a paging-structure cache as the short paths use it: they have banks as
 * constants, and HotSpot trusts a record's fields, so that the geometry is folded into the code.
 *
 * @param structure the same as all others see it
 * @param shift of linear addresses, to the number that chooses the set and is the tag
 */
@SuppressWarnings("ArrayRecordComponent")
record Bank(
    Structure structure,
    long[] words,
    int shift,
    int base,
    int sets,
    int ways,
    int stride,
    int wordAt,
    int stampAt,
    int treeAt,
    PlruTree tree,
    boolean packed,
    boolean isLru) {

  /** A bank for {@code structure}; null for null. */
  static Bank of(Structure structure, int shift) {
    return structure == null
        ? null
        : new Bank(
            structure,
            structure.array,
            shift,
            structure.base,
            structure.sets,
            structure.ways,
            structure.stride,
            structure.wordAt,
            structure.stampAt,
            structure.treeAt,
            structure.tree,
            structure.packed,
            structure.replacement == Replacement.LRU);
  }

  /** Index of the first tag of the set that the address belongs to. */
  int set(long linearAddress) {
    return (int) (base + ((linearAddress >>> shift) & (sets - 1)) * stride);
  }

  /** The tag of what holds the address. */
  long tag(long linearAddress, long pcid) {
    return (linearAddress & (-1L << shift)) | pcid;
  }

  /** The way of the set that has that tag, or -1. */
  int find(int set, long tag) {
    for (int way = 0; way < ways; way++) {
      if (words[set + way] == tag) {
        return way;
      }
    }
    return -1;
  }

  /** Makes the way the last used of its set. */
  void use(int set, int way) {
    if (packed) {
      words[set + stampAt] = Order.front(words[set + stampAt], way, ways);
    } else {
      words[set + way + stampAt] = structure.stamp(set + way);
    }
    if (treeAt != 0) {
      tree.use(words, set + treeAt, way);
    }
  }

  /** Puts an entry that the set does not have into it, as the last used; its way. */
  int put(int set, long tag, long word) {
    int way = take(set);
    words[set + way] = tag;
    words[set + way + wordAt] = word;
    return way;
  }

  /** The way to be filled, made the last used of the set. */
  private int take(int set) {
    if (packed && isLru) {
      long order = words[set + stampAt];
      words[set + stampAt] = Order.rotate(order, ways);
      return (int) (Order.last(order, ways) & 15);
    }
    boolean full = treeAt != 0 && (words[set + treeAt] & PlruTree.FULL) != 0;
    int way = full ? tree.victim(words, set + treeAt) : structure.victim(set);
    use(set, way);
    return way;
  }
}
