package dev.pagewalk.mmu;

/** Tree pseudo-LRU with a bit at each node that is set at each use, as the hardware has it. */
final class NaivePlruTree {
  private final Node root;

  NaivePlruTree(int ways) {
    root = new Node(0, ways);
  }

  /** Way {@code way} has been used: every node above it points away from it. */
  void use(int way) {
    root.use(way);
  }

  /** The way that the nodes point to. */
  int victim() {
    return root.victim();
  }

  /** One node over the ways from {@code first} to {@code end} - 1; a leaf if that is one way. */
  private static final class Node {
    private final int first;
    private final int split;
    private final Node left;
    private final Node right;
    private boolean pointsRight;

    Node(int first, int end) {
      int ways = end - first;
      this.first = first;
      this.split = first + (ways + 1) / 2;
      this.left = ways == 1 ? null : new Node(first, split);
      this.right = ways == 1 ? null : new Node(split, end);
    }

    void use(int way) {
      if (left == null) {
        return;
      }
      pointsRight = way < split;
      if (way < split) {
        left.use(way);
      } else {
        right.use(way);
      }
    }

    int victim() {
      if (left == null) {
        return first;
      }
      return pointsRight ? right.victim() : left.victim();
    }
  }
}
