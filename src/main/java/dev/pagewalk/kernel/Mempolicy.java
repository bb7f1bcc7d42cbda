package dev.pagewalk.kernel;

/**
 * Where the memory of a process, or of a range of it, is to come from, as set_mempolicy(2) and
 * mbind(2) are told it.
 *
 * @param mode one of the numbers here, which are Linux's
 * @param nodes a bit for each node, node 0 lowest
 */
public record Mempolicy(int mode, long nodes) {
  /** No policy: that of the process; of a process, {@link #LOCAL}. */
  public static final int DEFAULT = 0;

  /** From the first of the nodes, and if that is full from the nearest to it. */
  public static final int PREFERRED = 1;

  /** From these nodes and no others, the nearest to the core first. */
  public static final int BIND = 2;

  /** From the nodes in turn, by page offset. */
  public static final int INTERLEAVE = 3;

  /** From the node of the core that asks, and if that is full from the nearest to it. */
  public static final int LOCAL = 4;

  /** From these nodes, the nearest to the core first, and if they are full from any. */
  public static final int PREFERRED_MANY = 5;

  /** No policy. */
  public static final Mempolicy NONE = new Mempolicy(DEFAULT, 0);

  /** The policy of these nodes. */
  public static Mempolicy of(int mode, int... nodes) {
    long mask = 0;
    for (int node : nodes) {
      mask |= 1L << node;
    }
    return new Mempolicy(mode, mask);
  }

  /**
   * As mpol_new() and mpol_set_nodemask(): what the kernel keeps of this, or null if it is EINVAL.
   *
   * <p>Nodes that have no memory are left out. A preference for no node is LOCAL.
   *
   * <p>MODEL: there is no weighted interleaving, and no flag of a mode: nodes are numbers of the
   * machine.
   *
   * @param memory the nodes that have memory
   */
  Mempolicy checked(long memory) {
    return switch (mode) {
      case DEFAULT, LOCAL -> nodes == 0 ? this : null;
      case PREFERRED -> nodes == 0 ? new Mempolicy(LOCAL, 0) : within(memory);
      case BIND, INTERLEAVE, PREFERRED_MANY -> within(memory);
      default -> null;
    };
  }

  private Mempolicy within(long memory) {
    long usable = nodes & memory;
    if (mode == PREFERRED) {
      usable = Long.lowestOneBit(usable);
    }
    return usable == 0 ? null : new Mempolicy(mode, usable);
  }

  /** The node of a page under INTERLEAVE, by its offset: as interleave_nid(). */
  int interleaved(long offset) {
    int count = Long.bitCount(nodes);
    long left = nodes;
    for (long skip = Long.remainderUnsigned(offset, count); skip > 0; skip--) {
      left &= left - 1;
    }
    return Long.numberOfTrailingZeros(left);
  }

  /** The node after {@code previous} under INTERLEAVE, in a ring. */
  int nodeAfter(int previous) {
    long above = previous >= 63 ? 0 : nodes & -1L << (previous + 1);
    return Long.numberOfTrailingZeros(above != 0 ? above : nodes);
  }
}
