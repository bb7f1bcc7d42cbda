package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each page lies on the node that core, distance and policy say; the counters tell it exactly. */
class NumaPlacementTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long NODE = 4L << 20;
  private static final long PAGE = 4096;

  /** Nodes 0 and 1 are near each other, as are 2 and 3. */
  private static final List<List<Integer>> DISTANCES =
      List.of(
          List.of(10, 12, 32, 40),
          List.of(12, 10, 40, 32),
          List.of(32, 40, 10, 12),
          List.of(40, 32, 12, 10));

  private final NumaTopology topology = NumaTopology.of(List.of(NODE, NODE, NODE, NODE), DISTANCES);
  private final Rig rig = new Rig(4 * NODE, KernelOptions.DEFAULT, topology);
  private final NodeMap nodes = topology.nodeMap();

  @AfterEach
  void allMemoryComesBack() {
    KernelCheck.whole(rig.kernel);
    for (AddressSpace mm : rig.kernel.addressSpaces()) {
      rig.exit(mm);
    }
    KernelCheck.empty(rig.kernel);
    rig.close();
  }

  private void map(long pages) {
    rig.map(rig.mm, BASE, pages * PAGE, MapFlag.PRIVATE);
  }

  /** Stores to pages {@code from} up to {@code to} on a core of {@code node}. */
  private void touch(AddressSpace mm, int node, long from, long to) {
    rig.kernel.onNode(node);
    for (long page = from; page < to; page++) {
      rig.store(mm, BASE + page * PAGE, 1);
    }
  }

  private int nodeOf(AddressSpace mm, long page) {
    return nodes.nodeOf(mm.page(BASE + page * PAGE).frame() << 12);
  }

  private int nodeOf(long page) {
    return nodeOf(rig.mm, page);
  }

  private long mbind(long from, long to, Mempolicy policy, int flags) {
    var request = new MbindRequest(policy, flags);
    return rig.call(() -> rig.mm.calls().mbind(BASE + from * PAGE, (to - from) * PAGE, request));
  }

  private long bind(long from, long to, Mempolicy policy) {
    return mbind(from, to, policy, 0);
  }

  private long set(Mempolicy policy) {
    return rig.call(() -> rig.mm.calls().setMempolicy(policy));
  }

  /** Takes all memory of a node but so many frames. */
  private void fill(int node, int left) {
    FrameTable frames = rig.kernel.folios().frames();
    BuddyAllocator buddy = rig.kernel.folios().buddy();
    while (buddy.freeFrames(node) > left) {
      long pfn = buddy.allocate(0, node);
      frames.set(pfn, FrameTable.RESERVED);
      filled.add(pfn);
    }
  }

  private final List<Long> filled = new ArrayList<>();

  private void empty() {
    for (long pfn : filled) {
      rig.kernel.folios().frames().clear(pfn, FrameTable.RESERVED);
      rig.kernel.folios().buddy().free(pfn, 0);
    }
    filled.clear();
  }

  @Test
  void theFirstTouchDecides() {
    map(8);
    touch(rig.mm, 2, 0, 4);
    touch(rig.mm, 1, 0, 8);
    for (int page = 0; page < 8; page++) {
      assertEquals(page < 4 ? 2 : 1, nodeOf(page));
    }
  }

  @Test
  void theCountersAreThoseOfTheAllocations() {
    map(8);
    touch(rig.mm, 2, 0, 1);
    NumaStat before = rig.kernel.numa().stat(2);
    touch(rig.mm, 2, 1, 8);
    NumaStat after = rig.kernel.numa().stat(2);
    assertEquals(7, after.numaHit() - before.numaHit());
    assertEquals(7, after.localNode() - before.localNode());
    assertEquals(before.otherNode(), after.otherNode());
    assertEquals(before.numaMiss(), after.numaMiss());
    String expected =
        """
        numa_hit %d
        numa_miss 0
        numa_foreign 0
        interleave_hit 0
        local_node %d
        other_node 0
        """
            .formatted(after.numaHit(), after.numaHit());
    assertEquals(expected, after.text());
  }

  @Test
  void whatIsFullIsFollowedByTheNearest() {
    map(16);
    touch(rig.mm, 3, 0, 1);
    fill(3, 2);
    fill(2, 3);
    fill(1, 4);
    touch(rig.mm, 3, 1, 12);
    int[] expected = {3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 0, 0};
    for (int page = 0; page < expected.length; page++) {
      assertEquals(expected[page], nodeOf(page), "page " + page);
    }
    assertEquals(9, rig.kernel.numa().stat(3).numaForeign());
    assertEquals(3, rig.kernel.numa().stat(2).numaMiss());
    assertEquals(4, rig.kernel.numa().stat(1).numaMiss());
    assertEquals(2, rig.kernel.numa().stat(0).numaMiss());
    assertEquals(4, rig.kernel.numa().stat(1).otherNode());
    empty();
  }

  @Test
  void interleavingGoesByThePageOffset() {
    map(12);
    assertEquals(0, bind(0, 12, Mempolicy.of(Mempolicy.INTERLEAVE, 0, 2, 3)));
    int[] order = {0, 2, 3};
    long pgoff = BASE >> 12;
    for (int page : new int[] {7, 3, 0, 11, 4, 5}) {
      touch(rig.mm, 1, page, page + 1);
      assertEquals(order[(int) ((pgoff + page) % 3)], nodeOf(page), "page " + page);
    }
    long hits = 0;
    for (int node = 0; node < 4; node++) {
      hits += rig.kernel.numa().stat(node).interleaveHit();
    }
    assertEquals(6, hits);
  }

  @Test
  void interleavingGoesOnToTheNearestWhereItsNodeIsFull() {
    map(8);
    touch(rig.mm, 0, 0, 1);
    bind(0, 8, Mempolicy.of(Mempolicy.INTERLEAVE, 3));
    fill(3, 1);
    touch(rig.mm, 0, 1, 4);
    assertEquals(3, nodeOf(1));
    assertEquals(2, nodeOf(2));
    assertEquals(2, nodeOf(3));
    assertEquals(1, rig.kernel.numa().stat(3).interleaveHit());
    assertEquals(2, rig.kernel.numa().stat(3).numaForeign());
    empty();
  }

  @Test
  void theProcessesOwnInterleavingTakesTurnsForWhatHasNoOffset() {
    FileObject file = rig.kernel.createFile("file", FileSystem.EXT4);
    assertEquals(0, set(Mempolicy.of(Mempolicy.INTERLEAVE, 1, 3)));
    for (int page = 0; page < 6; page++) {
      long offset = page * PAGE;
      rig.call(() -> rig.kernel.fileCalls().write(file, offset, new byte[(int) PAGE]));
    }
    for (long page = 0; page < 6; page++) {
      assertEquals(page % 2 == 0 ? 1 : 3, nodes.nodeOf(file.pages().get(page) << 12));
    }
  }

  @Test
  void bindTakesTheNearestOfItsNodesAndNoOther() {
    map(16);
    touch(rig.mm, 0, 0, 1);
    bind(0, 16, Mempolicy.of(Mempolicy.BIND, 1, 3));
    fill(1, 2);
    fill(3, 3);
    touch(rig.mm, 2, 1, 2);
    assertEquals(3, nodeOf(1));
    touch(rig.mm, 0, 2, 6);
    assertEquals(List.of(1, 1, 3, 3), List.of(nodeOf(2), nodeOf(3), nodeOf(4), nodeOf(5)));
    rig.kernel.onNode(0);
    long free = rig.kernel.numa().freeFrames(0);
    assertEquals(FaultResult.SIGKILL, rig.storeSignal(rig.mm, BASE + 6 * PAGE, 1));
    assertEquals(free, rig.kernel.numa().freeFrames(0));
    empty();
    touch(rig.mm, 0, 6, 7);
    assertEquals(1, nodeOf(6));
  }

  @Test
  void whatBindGetsOnTheNearestOfItsNodesIsAHit() {
    map(4);
    touch(rig.mm, 0, 0, 1);
    NumaStat before = rig.kernel.numa().stat(3);
    bind(0, 4, Mempolicy.of(Mempolicy.BIND, 3));
    touch(rig.mm, 0, 1, 4);
    NumaStat after = rig.kernel.numa().stat(3);
    assertEquals(3, after.numaHit() - before.numaHit());
    assertEquals(3, after.otherNode() - before.otherNode());
    assertEquals(0, after.numaMiss());
  }

  @Test
  void preferredIsAskedFirst() {
    map(8);
    touch(rig.mm, 0, 0, 1);
    bind(0, 8, Mempolicy.of(Mempolicy.PREFERRED, 3, 1));
    assertEquals(Mempolicy.of(Mempolicy.PREFERRED, 1), rig.mm.mempolicy(BASE));
    fill(1, 1);
    touch(rig.mm, 3, 1, 3);
    assertEquals(1, nodeOf(1));
    assertEquals(0, nodeOf(2), "the nearest to the preferred one, not to the core");
    empty();
  }

  @Test
  void preferredManyAreAskedBeforeAllOthers() {
    map(8);
    touch(rig.mm, 0, 0, 1);
    bind(0, 8, Mempolicy.of(Mempolicy.PREFERRED_MANY, 2, 3));
    fill(2, 1);
    fill(3, 1);
    touch(rig.mm, 0, 1, 4);
    assertEquals(List.of(2, 3, 0), List.of(nodeOf(1), nodeOf(2), nodeOf(3)));
    empty();
  }

  @Test
  void theMappingsPolicyPrecedesTheProcesses() {
    map(8);
    set(Mempolicy.of(Mempolicy.BIND, 2));
    bind(4, 6, Mempolicy.of(Mempolicy.BIND, 3));
    bind(6, 8, Mempolicy.of(Mempolicy.LOCAL));
    touch(rig.mm, 1, 0, 8);
    assertEquals(
        List.of(2, 3, 1), List.of(nodeOf(0), nodeOf(4), nodeOf(6)), "process, mapping, local");
  }

  @Test
  void aChildInheritsBothAndCopiesToWhereItsPolicySays() {
    map(8);
    touch(rig.mm, 0, 0, 4);
    set(Mempolicy.of(Mempolicy.BIND, 2));
    bind(0, 2, Mempolicy.of(Mempolicy.BIND, 3));
    AddressSpace child = rig.fork(rig.mm);
    set(Mempolicy.NONE);
    assertEquals(Mempolicy.of(Mempolicy.BIND, 2), child.mempolicy());
    assertEquals(Mempolicy.of(Mempolicy.BIND, 3), child.mempolicy(BASE));
    touch(child, 0, 0, 6);
    assertEquals(List.of(3, 3, 2, 2, 2, 2), nodesOf(child, 6));
    touch(rig.mm, 1, 3, 6);
    assertEquals(1, nodeOf(5));
  }

  private List<Integer> nodesOf(AddressSpace mm, int pages) {
    List<Integer> found = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      found.add(nodeOf(mm, page));
    }
    return found;
  }

  @Test
  void aSharedObjectsPolicyIsThatOfAllWhoMapIt() {
    FileObject file = rig.kernel.createFile("shared", FileSystem.TMPFS);
    rig.call(() -> rig.kernel.fileCalls().ftruncate(file, 8 * PAGE));
    var request = new MmapRequest(BASE, 8 * PAGE, Rig.RW, MapFlag.SHARED, Optional.of(file), 0);
    rig.call(() -> rig.mm.calls().mmap(request));
    AddressSpace other = rig.kernel.newAddressSpace().orElseThrow();
    rig.call(() -> other.calls().mmap(request));
    bind(2, 6, Mempolicy.of(Mempolicy.BIND, 3));
    bind(3, 4, Mempolicy.of(Mempolicy.BIND, 2));
    bind(5, 6, Mempolicy.NONE);
    touch(other, 1, 0, 8);
    assertEquals(List.of(1, 1, 3, 2, 3, 1, 1, 1), nodesOf(other, 8));
    assertEquals(Mempolicy.of(Mempolicy.BIND, 2), other.mempolicy(BASE + 3 * PAGE));
    assertEquals(Mempolicy.NONE, other.mempolicy(BASE + 5 * PAGE));
  }

  @Test
  void hugePagesAndPagesFromSwapGoWhereThePolicySays() {
    rig.kernel.swapOn(SwapArea.inMemory(1L << 20, true));
    map(1024);
    rig.call(() -> rig.mm.calls().madvise(BASE, 1024 * PAGE, Advice.HUGEPAGE.code()));
    bind(0, 1024, Mempolicy.of(Mempolicy.BIND, 3));
    touch(rig.mm, 0, 0, 1);
    assertEquals(3, nodeOf(511));
    rig.call(() -> rig.mm.calls().madvise(BASE, 4 * PAGE, Advice.DONTNEED.code()));
    touch(rig.mm, 0, 0, 4);
    rig.call(() -> rig.mm.calls().madvise(BASE, 4 * PAGE, Advice.PAGEOUT.code()));
    assertEquals(PageView.Kind.SWAP, rig.mm.page(BASE).kind());
    bind(0, 1024, Mempolicy.of(Mempolicy.BIND, 1));
    touch(rig.mm, 0, 0, 4);
    assertEquals(1, nodeOf(0));
    assertEquals(3, nodeOf(511));
  }
}
