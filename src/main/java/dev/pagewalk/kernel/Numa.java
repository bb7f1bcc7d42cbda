package dev.pagewalk.kernel;

/**
 * Chooses the node that a frame comes from: by the policy of the mapping or process, by the core
 * that asks, and by distance.
 *
 * <p>MODEL: every node has cores; Linux prefers those that have none a little when it orders nodes.
 *
 * <p>MODEL: a huge page comes from another node rather than not at all; Linux, where the mapping is
 * not advised, takes small pages of its own node instead.
 */
public final class Numa {
  private static final int HIT = 0;
  private static final int MISS = 1;
  private static final int FOREIGN = 2;
  private static final int INTERLEAVED = 3;
  private static final int LOCAL = 4;
  private static final int OTHER = 5;
  private static final int COUNTERS = 6;

  /** No offset: the process's own turn decides where interleaving goes on. */
  private static final long NO_OFFSET = -1;

  private static final long ALL = -1;
  private static final Mempolicy LOCAL_POLICY = new Mempolicy(Mempolicy.LOCAL, 0);

  private final NumaTopology topology;
  private final BuddyAllocator buddy;

  /** For each node all that have memory, the nearest first. */
  private final int[][] zonelists;

  private final long[] counters;

  /** The nodes that have memory, a bit each. */
  private final long memory;

  private int node;

  /** The process that the kernel works for; null at boot. */
  private AddressSpace task;

  Numa(NumaTopology topology, BuddyAllocator buddy) {
    this.topology = topology;
    this.buddy = buddy;
    long withMemory = 0;
    for (int at = 0; at < topology.nodes(); at++) {
      withMemory |= buddy.freeFrames(at) > 0 ? 1L << at : 0;
    }
    memory = withMemory;
    zonelists = new Zonelists(topology, memory).all();
    counters = new long[topology.nodes() * COUNTERS];
  }

  /** The nodes and their distances. */
  public NumaTopology topology() {
    return topology;
  }

  /** The counters of a node. */
  public NumaStat stat(int of) {
    int at = of * COUNTERS;
    return new NumaStat(
        counters[at + HIT],
        counters[at + MISS],
        counters[at + FOREIGN],
        counters[at + INTERLEAVED],
        counters[at + LOCAL],
        counters[at + OTHER]);
  }

  /** Free frames of a node. */
  public long freeFrames(int of) {
    return buddy.freeFrames(of);
  }

  /** The nodes that have memory, a bit each. */
  long memory() {
    return memory;
  }

  /** As {@link Kernel#onNode}. */
  void onNode(int number) {
    if (number < 0 || number >= zonelists.length) {
      throw new IllegalArgumentException("no node: " + number);
    }
    node = number;
  }

  /** The node of the core that the kernel works for. */
  int node() {
    return node;
  }

  /** Says which process the kernel works for; null: for none. */
  void workFor(AddressSpace mm) {
    task = mm;
  }

  /** The process is gone. */
  void forget(AddressSpace mm) {
    task = task == mm ? null : task;
  }

  /**
   * A block for the kernel's own use or a file, by the policy of the process; -1 without memory.
   */
  long allocate(int order) {
    return zonelists.length == 1 ? onlyNode(order) : allocate(order, ofTask(), NO_OFFSET);
  }

  /** A block for the page of {@code address}, by the policy of the mapping or process; or -1. */
  long allocate(int order, Vma vma, long address) {
    if (zonelists.length == 1) {
      return onlyNode(order);
    }
    long offset = vma.pgoffOf(address);
    Mempolicy policy = vma.policy;
    if (vma.file != null && vma.file.policies() != null) {
      policy = vma.file.policies().at(offset);
      // As shmem_get_policy(): objects do not all begin on the same node.
      return allocate(order, orTask(policy), vma.file.id() + (offset >> order));
    }
    return allocate(order, orTask(policy), offset >> order);
  }

  /** A block for page {@code index} of a file in memory, by the object's policy; or -1. */
  long allocate(int order, FileObject file, long index) {
    if (zonelists.length == 1 || file.policies() == null) {
      return allocate(order);
    }
    return allocate(order, orTask(file.policies().at(index)), file.id() + (index >> order));
  }

  private Mempolicy orTask(Mempolicy policy) {
    return policy != null ? policy : ofTask();
  }

  private Mempolicy ofTask() {
    return task == null || task.policy == null ? LOCAL_POLICY : task.policy;
  }

  private long onlyNode(int order) {
    long pfn = buddy.allocate(order, 0);
    if (pfn >= 0) {
      counters[HIT]++;
      counters[LOCAL]++;
    }
    return pfn;
  }

  /** As alloc_pages_mpol(). */
  private long allocate(int order, Mempolicy policy, long offset) {
    return switch (policy.mode()) {
      case Mempolicy.PREFERRED -> take(order, policy.interleaved(0), ALL);
      case Mempolicy.BIND -> take(order, node, policy.nodes());
      case Mempolicy.PREFERRED_MANY -> {
        long pfn = take(order, node, policy.nodes());
        yield pfn >= 0 ? pfn : take(order, node, ALL);
      }
      case Mempolicy.INTERLEAVE -> {
        int wanted = offset == NO_OFFSET ? nextTurn(policy) : policy.interleaved(offset);
        long pfn = take(order, wanted, ALL);
        if (pfn >= 0 && nodeOf(pfn) == wanted) {
          counters[wanted * COUNTERS + INTERLEAVED]++;
        }
        yield pfn;
      }
      default -> take(order, node, ALL);
    };
  }

  /** As interleave_nodes(). */
  private int nextTurn(Mempolicy policy) {
    task.interleavePrevious = policy.nodeAfter(task.interleavePrevious);
    return task.interleavePrevious;
  }

  /** A block from the nearest of {@code nodes} to {@code from} that has one; -1 if none has. */
  private long take(int order, int from, long nodes) {
    int preferred = -1;
    for (int candidate : zonelists[from]) {
      if ((nodes >>> candidate & 1) == 0) {
        continue;
      }
      preferred = preferred < 0 ? candidate : preferred;
      long pfn = buddy.allocate(order, candidate);
      if (pfn >= 0) {
        count(candidate, preferred);
        return pfn;
      }
    }
    return -1;
  }

  /** As zone_statistics(). */
  private void count(int got, int preferred) {
    if (got == preferred) {
      counters[got * COUNTERS + HIT]++;
    } else {
      counters[got * COUNTERS + MISS]++;
      counters[preferred * COUNTERS + FOREIGN]++;
    }
    counters[got * COUNTERS + (got == node ? LOCAL : OTHER)]++;
  }

  int nodeOf(long pfn) {
    return buddy.nodeOf(pfn);
  }
}
