package dev.pagewalk.kernel;

/**
 * The order in which each node's cores ask the nodes for memory, as build_zonelists(): the nearest
 * first, and among those that are equally far the one with the next number, or one that is not yet
 * the first choice of another node.
 */
final class Zonelists {
  private final NumaTopology topology;

  /** The nodes that have memory, a bit each. */
  private final long memory;

  /** How often each node is the first of those of its distance. */
  private final int[] load;

  Zonelists(NumaTopology topology, long memory) {
    this.topology = topology;
    this.memory = memory;
    this.load = new int[topology.nodes()];
  }

  /** The order for each node. */
  int[][] all() {
    int[][] lists = new int[topology.nodes()][];
    for (int node = 0; node < lists.length; node++) {
      lists[node] = of(node);
    }
    return lists;
  }

  private int[] of(int local) {
    int[] order = new int[Long.bitCount(memory)];
    long used = 0;
    int previous = local;
    for (int i = 0; i < order.length; i++) {
      int node = best(local, used);
      if (topology.distance(local, node) != topology.distance(local, previous)) {
        load[node]++;
      }
      order[i] = node;
      used |= 1L << node;
      previous = node;
    }
    return order;
  }

  /** As find_next_best_node(). */
  private int best(int local, long used) {
    long candidates = memory & ~used;
    if ((candidates >>> local & 1) != 0) {
      return local;
    }
    int best = -1;
    int least = Integer.MAX_VALUE;
    for (long left = candidates; left != 0; left &= left - 1) {
      int node = Long.numberOfTrailingZeros(left);
      int distance = topology.distance(local, node) + (node < local ? 1 : 0);
      int value = distance * NumaTopology.MAX_NODES + load[node];
      if (value < least) {
        least = value;
        best = node;
      }
    }
    return best;
  }
}
