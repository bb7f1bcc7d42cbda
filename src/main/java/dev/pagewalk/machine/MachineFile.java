package dev.pagewalk.machine;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.PrefetchOptions;
import dev.pagewalk.kernel.policy.PolicySimulation;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What a file says that describes a machine: {@code machine.json}. {@code docs/costs.md} has the
 * format; {@link Machines} reads it, {@link Computer} is made of it.
 *
 * <p>Sizes are texts: a whole number and a unit, {@code "512 MiB"}, see {@link Size}. All
 * constructors throw IllegalArgumentException, which says what is wrong.
 *
 * @param name the machine's name
 * @param description one sentence for people; null if not told
 * @param memory its size; null with nodes
 * @param cores how many there are, 1 to {@value #MOST_CORES}; null with nodes
 * @param nodes NUMA nodes, in the order of their memory; null for a machine of one
 * @param distances between nodes as the SLIT has them, a row for each node; 10 to itself, 20 to all
 *     others if not told
 * @param placement on which node pages come to lie: {@code local}, {@code interleave}, {@code
 *     bind:0,1} or {@code preferred:1}; null for local, the node of the core that touches first
 * @param cpu a model of processor: a name of {@link CpuModels} or a file
 * @param virtualPages pages that each process may use, from address 0; null for the user half
 * @param frames pages of user memory resident at a time, of all processes; null for no limit
 * @param policy which page goes, as {@code --policy} takes it; null for the kernel's own
 * @param scope whose pages may go for a fault
 * @param swap size of the swap area; null for none
 * @param prefetch what is brought in before it is asked for, as {@link PrefetchOptions#of} takes
 *     it; null for nothing
 * @param watermarks of free pages; null for what Linux would take
 * @param swappiness 0 to 200; null for 60
 * @param quantum accesses of a time slice; null or 0 for the trace's own order
 * @param costs a cost model: a name of {@link CostModels} or a file
 * @param kernel its options; null for the usual ones
 */
public record MachineFile(
    String name,
    String description,
    String memory,
    Integer cores,
    List<Node> nodes,
    List<List<Integer>> distances,
    String placement,
    String cpu,
    Long virtualPages,
    Long frames,
    String policy,
    Scope scope,
    String swap,
    String prefetch,
    Watermarks watermarks,
    Integer swappiness,
    Long quantum,
    String costs,
    Options kernel) {
  /** Cores of a machine, at most. */
  public static final int MOST_CORES = 256;

  private static final int MOST_NODES = 64;

  /** Linux's swappiness. */
  private static final int SWAPPINESS = 60;

  /** Whose pages may go for a page fault. */
  public enum Scope {
    /** Anybody's. */
    GLOBAL,
    /** Those of the process that faulted: each process has its share of the frames. */
    PROCESS
  }

  /** When anonymous memory gets huge pages. */
  public enum HugePages {
    /** Never. */
    NEVER,
    /** Where a process asks for them. */
    MADVISE,
    /** Wherever they fit. */
    ALWAYS
  }

  /**
   * A NUMA node.
   *
   * @param memory its size
   * @param cores how many it has, numbered behind those of the nodes before
   */
  public record Node(String memory, Integer cores) {
    public Node {
      Checks.need(memory, "memory");
      Checks.need(cores, "cores");
      Size.parse("memory", memory);
      Checks.expect(
          cores >= 0 && cores <= MOST_CORES,
          "cores: expected 0 to " + MOST_CORES + ", found " + cores);
    }

    /** The size of its memory, in bytes. */
    public long bytes() {
      return Size.parse("memory", memory);
    }
  }

  /**
   * Free pages below which something happens.
   *
   * @param min direct reclaim
   * @param low background reclaim begins
   * @param high it ends
   */
  public record Watermarks(Long min, Long low, Long high) {
    public Watermarks {
      Checks.need(min, "min");
      Checks.need(low, "low");
      Checks.need(high, "high");
      Checks.expect(
          min >= 0 && min <= low && low <= high, "expected 0 <= min <= low <= high, in pages");
    }
  }

  /**
   * Options of the kernel; null where the usual is meant.
   *
   * @param hugePages when anonymous memory gets them; {@code madvise}
   * @param zeroPage whether a read of untouched memory is given the one page of zeroes; false here,
   *     so that each page takes a frame
   * @param exactAccessed whether clearing an accessed bit also drops the TLB's entry; true here, so
   *     that policies see each use
   * @param isolation whether user mode runs on tables of its own
   * @param tick accesses between two interrupts of the timer; 1000
   * @param protectionKeys whether processor and kernel have them; false here
   */
  public record Options(
      HugePages hugePages,
      Boolean zeroPage,
      Boolean exactAccessed,
      Boolean isolation,
      Long tick,
      Boolean protectionKeys) {
    static final Options USUAL = new Options(null, null, null, null, null, null);

    public Options {
      hugePages = hugePages == null ? HugePages.MADVISE : hugePages;
      zeroPage = zeroPage != null && zeroPage;
      exactAccessed = exactAccessed == null || exactAccessed;
      isolation = isolation != null && isolation;
      protectionKeys = protectionKeys != null && protectionKeys;
      tick = tick == null ? (long) PolicySimulation.TICK_EVERY : tick;
      Checks.expect(tick >= 1 && tick <= 1 << 30, "tick: expected 1 to 2^30, found " + tick);
    }
  }

  public MachineFile {
    Checks.needText(name, "name");
    Checks.checkText(description, "description");
    boolean whole = memory != null && cores != null && nodes == null;
    boolean parts = memory == null && cores == null && nodes != null;
    Checks.expect(whole || parts, "expected either the keys memory and cores, or nodes");
    nodes = whole ? List.of(new Node(memory, cores)) : List.copyOf(nodes);
    memory = null;
    cores = nodes.stream().mapToInt(Node::cores).sum();
    Checks.expect(
        cores >= 1 && cores <= MOST_CORES,
        "expected 1 to " + MOST_CORES + " cores, found " + cores);
    int count = nodes.size();
    Checks.expect(
        count >= 1 && count <= MOST_NODES,
        "nodes: expected 1 to " + MOST_NODES + ", found " + count);
    distances = MachineFileRules.distances(distances, count);
    placement = placement == null ? "local" : placement;
    Placement.parse(placement, count);
    Checks.needText(cpu, "cpu");
    MachineFileRules.pages("virtualPages", virtualPages);
    MachineFileRules.pages("frames", frames);
    Checks.checkText(policy, "policy");
    scope = scope == null ? Scope.GLOBAL : scope;
    if (swap != null) {
      Size.parse("swap", swap);
    }
    if (prefetch != null) {
      PrefetchOptions.of(prefetch);
    }
    swappiness = swappiness == null ? SWAPPINESS : swappiness;
    Checks.expect(
        swappiness >= 0 && swappiness <= 200, "swappiness: expected 0 to 200, found " + swappiness);
    quantum = quantum == null ? 0 : quantum;
    Checks.expect(
        quantum >= 0 && quantum <= 1 << 30, "quantum: expected 0 to 2^30, found " + quantum);
    Checks.needText(costs, "costs");
    kernel = kernel == null ? Options.USUAL : kernel;
  }

  /**
   * Reads {@code path}.
   *
   * @throws InputException if it cannot be read or describes no machine
   */
  public static MachineFile read(Path path) throws InputException {
    return JsonRecords.read(path, MachineFile.class);
  }

  /**
   * Reads all of {@code in}.
   *
   * @param file the name for messages
   * @throws InputException if it describes no machine
   */
  static MachineFile read(String file, InputStream in) throws InputException {
    return JsonRecords.read(file, in, MachineFile.class);
  }

  /** The size of all memory, in bytes. */
  public long memoryBytes() {
    return nodes.stream().mapToLong(Node::bytes).sum();
  }

  /** The size of the swap area in bytes; 0 if there is none. */
  public long swapBytes() {
    return swap == null ? 0 : Size.parse("swap", swap);
  }
}
