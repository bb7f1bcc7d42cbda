package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The NUMA nodes of a machine: which bytes of physical memory are near which cores, and how far the
 * nodes are from each other.
 *
 * <p>Node 0 has the first bytes of memory, node 1 the next, and so on; the last one has all that
 * follows. Distances are those of ACPI's System Locality Information Table (SLIT): {@value #LOCAL}
 * from a node to itself, more to any other, at most 255; a distance of 20 is twice as far. They
 * need not be symmetric.
 */
public final class NumaTopology {
  /** The distance from a node to itself. */
  public static final int LOCAL = 10;

  /** The distance to another node if nobody says otherwise: Linux's REMOTE_DISTANCE. */
  public static final int REMOTE = 20;

  /** How many nodes there can be. */
  public static final int MAX_NODES = 64;

  private static final int FARTHEST = 255;

  private final List<Long> bytes;
  private final List<List<Integer>> distances;

  private NumaTopology(List<Long> bytes, List<List<Integer>> distances) {
    this.bytes = List.copyOf(bytes);
    this.distances = distances.stream().map(List::copyOf).toList();
  }

  /** One node that has all memory. */
  public static NumaTopology single() {
    return new NumaTopology(List.of(PageTables.PAGE_BYTES), List.of(List.of(LOCAL)));
  }

  /**
   * Nodes of so many bytes each, and a row of distances from each.
   *
   * @param bytes of each node, multiples of 4096; 0 for a node that has cores and no memory
   * @throws IllegalArgumentException if that is no machine; the message says what was expected
   */
  public static NumaTopology of(List<Long> bytes, List<? extends List<Integer>> distances) {
    check(bytes);
    if (distances.size() != bytes.size()) {
      throw wrong(
          "a row of distances for each of %d nodes, not %d"
              .formatted(bytes.size(), distances.size()));
    }
    for (int from = 0; from < distances.size(); from++) {
      check(from, distances.get(from), bytes.size());
    }
    return new NumaTopology(bytes, new ArrayList<>(distances));
  }

  /** Nodes of so many bytes each, all {@link #REMOTE} from each other. */
  public static NumaTopology of(List<Long> bytes) {
    List<List<Integer>> distances = new ArrayList<>();
    for (int node = 0; node < bytes.size(); node++) {
      List<Integer> row = new ArrayList<>(Collections.nCopies(bytes.size(), REMOTE));
      row.set(node, LOCAL);
      distances.add(row);
    }
    return of(bytes, distances);
  }

  private static void check(List<Long> bytes) {
    if (bytes.isEmpty() || bytes.size() > MAX_NODES) {
      throw wrong("1 to %d nodes, not %d".formatted(MAX_NODES, bytes.size()));
    }
    long sum = 0;
    for (int node = 0; node < bytes.size(); node++) {
      long size = bytes.get(node);
      if (size < 0 || size % PageTables.PAGE_BYTES != 0 || sum + size < 0) {
        throw wrong("a size of node %d that is a multiple of 4096, not %d".formatted(node, size));
      }
      sum += size;
    }
    if (sum == 0) {
      throw wrong("a node that has memory");
    }
  }

  private static void check(int from, List<Integer> row, int nodes) {
    if (row.size() != nodes) {
      throw wrong("%d distances from node %d, not %d".formatted(nodes, from, row.size()));
    }
    for (int to = 0; to < nodes; to++) {
      int distance = row.get(to);
      if (from == to && distance != LOCAL) {
        throw wrong("%d from node %d to itself, not %d".formatted(LOCAL, from, distance));
      }
      if (from != to && (distance <= LOCAL || distance > FARTHEST)) {
        throw wrong(
            "a distance of %d to %d from node %d to node %d, not %d"
                .formatted(LOCAL + 1, FARTHEST, from, to, distance));
      }
    }
  }

  private static IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException("expected " + expected);
  }

  /** How many nodes there are. */
  public int nodes() {
    return bytes.size();
  }

  /** The distance from a core of node {@code from} to memory of node {@code to}. */
  public int distance(int from, int to) {
    return distances.get(from).get(to);
  }

  /** Where the memory of each node begins, in bytes; that of node 0 at 0. */
  public List<Long> starts() {
    List<Long> starts = new ArrayList<>();
    long start = 0;
    for (long size : bytes) {
      starts.add(start);
      start += size;
    }
    return starts;
  }

  /** Tells the node of a physical address. */
  public NodeMap nodeMap() {
    return new NodeMap(starts());
  }

  /** The first frames of the nodes from 1 on. */
  long[] firstFrames() {
    return starts().stream().skip(1).mapToLong(start -> start >>> 12).toArray();
  }
}
