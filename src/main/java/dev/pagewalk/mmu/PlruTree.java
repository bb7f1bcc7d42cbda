package dev.pagewalk.mmu;

/**
 * Tree pseudo-LRU for sets of some number of ways: each node over two halves or more points away
 * from the half that was used last.
 *
 * <p>A set's nodes are bits of one word, or of two for more than 64 ways. They are numbered as in a
 * heap: 1 is the root, {@code 2n} and {@code 2n + 1} stand below {@code n}. A bit that is 1 points
 * to the second half. Halves of an odd number of ways differ by one, the first is the larger; a way
 * that stands higher than others has nodes without choice below it, whose bits stay 0.
 *
 * @param depth nodes above the lowest ways
 * @param masks four words for each way: bits of the first word that its use leaves, and those that
 *     it sets; the same for the second word
 * @param ways by place in the lowest row: the way
 */
@SuppressWarnings("ArrayRecordComponent")
record PlruTree(int depth, long[] masks, byte[] ways) {
  /** In the first word, of no node: no way of the set is empty. */
  static final long FULL = 1;

  private static final int WORDS = 4;

  /** Nodes in the first word are above this depth. */
  private static final int FIRST_WORD = 6;

  static PlruTree of(int ways) {
    int depth = ways == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(ways - 1);
    PlruTree tree = new PlruTree(depth, new long[WORDS << depth], new byte[1 << depth]);
    for (int way = 0; way < ways; way++) {
      tree.enter(way, ways);
    }
    return tree;
  }

  /** Works out what the use of {@code way} does. */
  private void enter(int way, int ofWays) {
    long[] path = new long[2];
    long[] right = new long[2];
    int node = 1;
    int low = 0;
    int high = ofWays;
    for (int row = 0; row < depth; row++) {
      boolean first = true;
      if (high - low > 1) {
        int middle = low + (high - low + 1) / 2;
        first = way < middle;
        low = first ? low : middle;
        high = first ? middle : high;
        path[node >>> FIRST_WORD] |= 1L << node;
        right[node >>> FIRST_WORD] |= first ? 1L << node : 0;
      }
      node = 2 * node + (first ? 0 : 1);
    }
    ways[node - (1 << depth)] = (byte) way;
    for (int word = 0; word < 2; word++) {
      masks[WORDS * way + 2 * word] = ~path[word];
      masks[WORDS * way + 2 * word + 1] = right[word];
    }
  }

  /** Words for the tree of a set of that many ways. */
  static int words(int ways) {
    return ways > 1 << FIRST_WORD ? 2 : 1;
  }

  /** Bits of word {@code word} that the use of {@code way} leaves. */
  long leaves(int way, int word) {
    return masks[WORDS * way + 2 * word];
  }

  /** Bits of word {@code word} that the use of {@code way} sets. */
  long sets(int way, int word) {
    return masks[WORDS * way + 2 * word + 1];
  }

  /** Turns the nodes of the set whose words lie at {@code at} away from {@code way}. */
  void use(long[] words, int at, int way) {
    int mask = (way & (ways.length - 1)) * WORDS;
    words[at] = (words[at] & masks[mask]) | masks[mask + 1];
    if (depth > FIRST_WORD) {
      words[at + 1] = (words[at + 1] & masks[mask + 2]) | masks[mask + 3];
    }
  }

  /** The way that the nodes of the set whose words lie at {@code at} point to. */
  int victim(long[] words, int at) {
    long upper = words[at];
    int node = 1;
    for (int row = 0; row < Math.min(depth, FIRST_WORD); row++) {
      node = 2 * node + ((int) (upper >>> node) & 1);
    }
    if (depth > FIRST_WORD) {
      node = 2 * node + ((int) (words[at + 1] >>> node) & 1);
    }
    return ways[node & (ways.length - 1)];
  }
}
