package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A description of nodes is held to the rules of a SLIT, and gives the order of fallback. */
class NumaTopologyTest {
  private static final long MIB = 1L << 20;

  private static String refused(List<Long> bytes, List<List<Integer>> distances) {
    return assertThrows(IllegalArgumentException.class, () -> NumaTopology.of(bytes, distances))
        .getMessage();
  }

  @Test
  void whatIsNoMachineIsRefusedWithWhatWasExpected() {
    List<List<Integer>> good = List.of(List.of(10, 21), List.of(20, 10));
    assertEquals("expected 1 to 64 nodes, not 0", refused(List.of(), List.of()));
    assertEquals(
        "expected 1 to 64 nodes, not 65", refused(Collections.nCopies(65, MIB), List.of()));
    assertEquals(
        "expected a size of node 1 that is a multiple of 4096, not 4095",
        refused(List.of(MIB, 4095L), good));
    assertEquals("expected a node that has memory", refused(List.of(0L, 0L), good));
    assertEquals(
        "expected a row of distances for each of 2 nodes, not 1",
        refused(List.of(MIB, MIB), List.of(List.of(10, 20))));
    assertEquals(
        "expected 2 distances from node 1, not 3",
        refused(List.of(MIB, MIB), List.of(List.of(10, 20), List.of(20, 10, 20))));
    assertEquals(
        "expected 10 from node 1 to itself, not 11",
        refused(List.of(MIB, MIB), List.of(List.of(10, 20), List.of(20, 11))));
    assertEquals(
        "expected a distance of 11 to 255 from node 0 to node 1, not 10",
        refused(List.of(MIB, MIB), List.of(List.of(10, 10), List.of(20, 10))));
    assertEquals(
        "expected a distance of 11 to 255 from node 1 to node 0, not 256",
        refused(List.of(MIB, MIB), List.of(List.of(10, 11), List.of(256, 10))));
  }

  @Test
  void distancesNeedNotBeSymmetric() {
    NumaTopology topology =
        NumaTopology.of(List.of(MIB, MIB), List.of(List.of(10, 21), List.of(32, 10)));
    assertEquals(21, topology.distance(0, 1));
    assertEquals(32, topology.distance(1, 0));
  }

  private static int[][] zonelists(NumaTopology topology, long memory) {
    return new Zonelists(topology, memory).all();
  }

  @Test
  void equallyFarNodesTakeTurns() {
    // As Linux prints it at boot: "Fallback order for Node 1: 1 2 3 0".
    NumaTopology four = NumaTopology.of(Collections.nCopies(4, MIB));
    int[][] expected = {{0, 1, 2, 3}, {1, 2, 3, 0}, {2, 3, 0, 1}, {3, 0, 1, 2}};
    assertArrayEquals(expected, zonelists(four, 0xf));
  }

  @Test
  void nearerNodesComeFirst() {
    // Two sockets of two nodes each.
    List<List<Integer>> rows =
        List.of(
            List.of(10, 12, 32, 32),
            List.of(12, 10, 32, 32),
            List.of(32, 32, 10, 12),
            List.of(32, 32, 12, 10));
    NumaTopology sockets = NumaTopology.of(Collections.nCopies(4, MIB), rows);
    int[][] expected = {{0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}};
    assertArrayEquals(expected, zonelists(sockets, 0xf));
  }

  @Test
  void aNodeWithoutMemoryIsAskedByNobody() {
    NumaTopology three = NumaTopology.of(List.of(MIB, 0L, MIB));
    int[][] expected = {{0, 2}, {2, 0}, {2, 0}};
    assertArrayEquals(expected, zonelists(three, 0b101));
  }

  @Test
  void eachAddressHasItsNode() {
    NumaTopology topology = NumaTopology.of(List.of(3 * MIB, 0L, MIB, 4096L));
    NodeMap map = topology.nodeMap();
    assertEquals(0, map.nodeOf(0));
    assertEquals(0, map.nodeOf(3 * MIB - 1));
    assertEquals(2, map.nodeOf(3 * MIB));
    assertEquals(2, map.nodeOf(4 * MIB - 1));
    assertEquals(3, map.nodeOf(4 * MIB));
    assertEquals(3, map.nodeOf((1L << 52) - 1));
    NodeMap one = NumaTopology.single().nodeMap();
    assertEquals(0, one.nodeOf(0));
    assertEquals(0, one.nodeOf((1L << 52) - 1));
  }

  @Test
  void oddStartsInImmenseMemoryAreFoundToo() {
    NodeMap map = NumaTopology.of(List.of((1L << 40) + 4096, 4096L, 1L << 40)).nodeMap();
    assertEquals(0, map.nodeOf(1L << 40));
    assertEquals(1, map.nodeOf((1L << 40) + 4096));
    assertEquals(1, map.nodeOf((1L << 40) + 8191));
    assertEquals(2, map.nodeOf((1L << 40) + 8192));
  }
}
