package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames the allocator hands out, and what it does when there are none. */
class BuddyAllocatorTest {
  private static final long GIB = 1L << BuddyAllocator.MAX_ORDER;

  @Test
  void framesOfAFreshMemoryComeInAscendingOrder() {
    BuddyAllocator buddy = new BuddyAllocator(new FrameTable(1000));
    for (long pfn = 0; pfn < 1000; pfn++) {
      assertEquals(pfn, buddy.allocate(0));
      assertEquals(999 - pfn, buddy.freeFrames());
    }
    assertEquals(-1, buddy.allocate(0));
  }

  @Test
  void theFrameFreedLastComesFirst() {
    BuddyAllocator buddy = new BuddyAllocator(new FrameTable(1000));
    for (int i = 0; i < 500; i++) {
      buddy.allocate(0);
    }
    buddy.free(7, 0);
    buddy.free(300, 0);
    assertEquals(300, buddy.allocate(0));
    assertEquals(7, buddy.allocate(0));
    assertEquals(500, buddy.allocate(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 9, 18})
  void aBlockIsAlignedToItsSizeAndTwoDoNotOverlap(int order) {
    BuddyAllocator buddy = new BuddyAllocator(new FrameTable(4 * GIB));
    long other = buddy.allocate(0);
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      blocks.add(buddy.allocate(order));
    }
    for (long block : blocks) {
      assertEquals(0, block & ((1L << order) - 1));
      assertTrue(other < block || other >= block + (1L << order));
    }
    assertEquals(3, blocks.stream().distinct().count());
    assertEquals(4 * GIB - 1 - (3L << order), buddy.freeFrames());
  }

  @Test
  void aMemoryOfAnySizeConsistsOfTheLargestBlocksThatFit() {
    BuddyAllocator buddy = new BuddyAllocator(new FrameTable(2 * GIB + 512 + 8 + 1));
    long[] expected = new long[BuddyAllocator.MAX_ORDER + 1];
    expected[18] = 2;
    expected[9] = 1;
    expected[3] = 1;
    expected[0] = 1;
    assertBlocks(expected, buddy);
    long[] frames = new long[Math.toIntExact(buddy.freeFrames())];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = buddy.allocate(0);
    }
    assertEquals(-1, buddy.allocate(0));
    for (long frame : frames) {
      buddy.free(frame, 0);
    }
    buddy.drain();
    assertBlocks(expected, buddy);
  }

  @Test
  void aMemoryThatBeginsAtAnyFrameConsistsOfAlignedBlocks() {
    BuddyAllocator buddy = new BuddyAllocator(table(new FrameRange(7, 24, 0)));
    long[] expected = new long[BuddyAllocator.MAX_ORDER + 1];
    expected[0] = 1;
    expected[3] = 2;
    assertBlocks(expected, buddy);
    assertEquals(7, buddy.allocate(0));
    assertEquals(8, buddy.allocate(3));
    assertEquals(16, buddy.allocate(3));
    assertEquals(-1, buddy.allocate(3));
    assertEquals(0, buddy.freeFrames());
  }

  @Test
  void buddiesOnTwoSidesOfAHoleAreNotJoined() {
    BuddyAllocator buddy =
        new BuddyAllocator(table(new FrameRange(0, 3, 0), new FrameRange(4, 8, 0)));
    List<Long> frames = new ArrayList<>();
    for (long pfn = buddy.allocate(0); pfn >= 0; pfn = buddy.allocate(0)) {
      frames.add(pfn);
    }
    assertEquals(List.of(0L, 1L, 2L, 4L, 5L, 6L, 7L), frames);
    frames.forEach(pfn -> buddy.free(pfn, 0));
    buddy.drain();
    assertEquals(List.of(1L, 1L, 1L, 0L), blocks(buddy).subList(0, 4));
  }

  @Test
  void rangesThatTouchAreJoined() {
    BuddyAllocator buddy =
        new BuddyAllocator(table(new FrameRange(0, 3, 0), new FrameRange(3, 8, 0)));
    assertEquals(0, buddy.allocate(3));
  }

  @Test
  void aFullMemoryIsNoExceptionAndTakesWhatIsFreed() {
    BuddyAllocator buddy = new BuddyAllocator(new FrameTable(1024));
    assertEquals(0, buddy.allocate(9));
    assertEquals(512, buddy.allocate(9));
    assertEquals(-1, buddy.allocate(9));
    assertEquals(-1, buddy.allocate(0));
    buddy.free(512, 9);
    assertEquals(-1, buddy.allocate(10));
    assertEquals(512, buddy.allocate(0));
    assertEquals(-1, buddy.allocate(9));
    buddy.free(512, 0);
    assertEquals(512, buddy.allocate(9));
  }

  @Test
  void framesAreOfTheNodeThatWasAskedForAndOfTheNextOneOnlyIfAnyWillDo() {
    FrameTable table = table(new FrameRange(0, 8, 0), new FrameRange(8, 16, 1));
    BuddyAllocator buddy = new BuddyAllocator(table);
    assertEquals(2, buddy.nodes());
    assertEquals(8, buddy.allocate(0, 1));
    assertEquals(0, buddy.allocate(3, 0));
    assertEquals(-1, buddy.allocate(0, 0));
    assertEquals(9, buddy.allocate(0));
    assertEquals(0, buddy.freeFrames(0));
    assertEquals(6, buddy.freeFrames(1));
    buddy.free(9, 0);
    assertEquals(-1, buddy.allocate(0, 0));
    assertEquals(1, table.node(9));
    assertEquals(-1, table.node(16));
  }

  @Test
  void buddiesOfTwoNodesAreNotJoined() {
    BuddyAllocator buddy =
        new BuddyAllocator(table(new FrameRange(0, 8, 0), new FrameRange(8, 16, 1)));
    buddy.free(buddy.allocate(3, 0), 3);
    buddy.free(buddy.allocate(3, 1), 3);
    assertEquals(2, buddy.freeBlocks(3));
    assertEquals(-1, buddy.allocate(4));
  }

  @Test
  void whatIsNotInUseCannotBeFreed() {
    BuddyAllocator buddy = new BuddyAllocator(new FrameTable(1024));
    assertThrows(IllegalStateException.class, () -> buddy.free(0, 0));
    long pfn = buddy.allocate(2);
    assertThrows(IllegalStateException.class, () -> buddy.free(pfn, 1));
    assertThrows(IllegalStateException.class, () -> buddy.free(pfn + 1, 0));
    assertThrows(IllegalStateException.class, () -> buddy.free(pfn, 19));
    assertThrows(IllegalStateException.class, () -> buddy.allocate(19));
    assertThrows(IllegalStateException.class, () -> buddy.allocate(-1));
    buddy.free(pfn, 2);
    assertThrows(IllegalStateException.class, () -> buddy.free(pfn, 2));
    long frame = buddy.allocate(0);
    buddy.free(frame, 0);
    assertThrows(IllegalStateException.class, () -> buddy.free(frame, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> buddy.free(1024, 0));
  }

  @Test
  void aFolioThatIsSplitIsFreedFrameByFrame() {
    FrameTable table = new FrameTable(1024);
    BuddyAllocator buddy = new BuddyAllocator(table);
    long head = buddy.allocate(9);
    table.setFolio(head, 9);
    assertThrows(IllegalStateException.class, () -> buddy.free(head + 5, 0));
    table.splitFolio(head);
    for (int i = 511; i >= 0; i--) {
      buddy.free(head + i, 0);
    }
    buddy.drain();
    assertEquals(1, buddy.freeBlocks(10));
  }

  @Test
  void recordsOfWhatIsHandedOutAreAsNew() {
    FrameTable table = new FrameTable(1024);
    BuddyAllocator buddy = new BuddyAllocator(table);
    long head = buddy.allocate(9);
    table.setFolio(head, 9);
    for (int i = 0; i < 512; i++) {
      table.set(head + i, FrameTable.ANON | FrameTable.DIRTY);
      table.addMapCount(head + i, 3);
      table.setSwap(head + i, i);
    }
    table.addRef(head, 2);
    table.setOwner(head, 9);
    buddy.free(head, 9);
    for (long pfn = buddy.allocate(0); pfn >= 0; pfn = buddy.allocate(0)) {
      assertEquals(FrameTable.ALLOCATED, table.flags(pfn));
      assertEquals(0, table.refs(pfn) | table.mapCount(pfn) | table.owner(pfn) | table.order(pfn));
      assertEquals(0, table.index(pfn));
      assertEquals(-1, table.swap(pfn));
    }
  }

  @Test
  void anAllocatorOfATebibyteTouchesNoRecordUntilItIsUsed() {
    try (FrameTable table = new FrameTable(1L << 28)) {
      BuddyAllocator buddy = new BuddyAllocator(table);
      assertEquals(1L << 28, buddy.freeFrames());
      assertEquals(1024, buddy.freeBlocks(18));
      assertEquals(0, table.residentBytes());
      for (int i = 0; i < 1000; i++) {
        assertEquals(i, buddy.allocate(0));
      }
      long resident = table.residentBytes();
      assertTrue(resident <= 64 << 20, "resident: " + resident);
    }
  }

  private static FrameTable table(FrameRange... ranges) {
    return new FrameTable(List.of(ranges));
  }

  private static List<Long> blocks(BuddyAllocator buddy) {
    List<Long> counts = new ArrayList<>();
    for (int order = 0; order <= BuddyAllocator.MAX_ORDER; order++) {
      counts.add(buddy.freeBlocks(order));
    }
    return counts;
  }

  private static void assertBlocks(long[] expected, BuddyAllocator buddy) {
    List<Long> wanted = new ArrayList<>();
    for (long count : expected) {
      wanted.add(count);
    }
    assertEquals(wanted, blocks(buddy));
  }
}
