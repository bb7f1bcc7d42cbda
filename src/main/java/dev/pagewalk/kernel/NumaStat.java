package dev.pagewalk.kernel;

/**
 * The counters of one NUMA node, as /sys/devices/system/node/node0/numastat has them; each counts
 * allocations, of whatever size.
 *
 * @param numaHit wanted here and got here
 * @param numaMiss got here though wanted on another node
 * @param numaForeign wanted here and got on another node
 * @param interleaveHit wanted here by interleaving and got here
 * @param localNode got here by a core of this node
 * @param otherNode got here by a core of another node
 */
public record NumaStat(
    long numaHit,
    long numaMiss,
    long numaForeign,
    long interleaveHit,
    long localNode,
    long otherNode) {

  /** The text of the file. */
  public String text() {
    return """
    numa_hit %d
    numa_miss %d
    numa_foreign %d
    interleave_hit %d
    local_node %d
    other_node %d
    """
        .formatted(numaHit, numaMiss, numaForeign, interleaveHit, localNode, otherNode);
  }
}
