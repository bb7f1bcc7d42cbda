package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.physmem.PhysicalMemory;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is put into a frame's record comes out again, and no other record changes. */
class FrameTableTest {
  private final FrameTable table = new FrameTable(4096);

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void aFreshRecordIsEmpty() {
    assertEquals(0, table.flags(5) | table.refs(5) | table.mapCount(5) | table.entireMapCount(5));
    assertEquals(0, table.owner(5) | table.order(5));
    assertEquals(0, table.index(5));
    assertEquals(-1, table.swap(5));
    assertEquals(5, table.head(5));
  }

  /** The greatest count of references or PTEs. */
  private static final int MOST = (1 << 21) - 1;

  private static final long RW = Pte.PRESENT | Pte.RW;

  @Test
  void everyFieldKeepsItsValueBesideTheOthers() {
    for (long pfn : new long[] {0, 1, 2, 4095}) {
      assertEquals((int) pfn + 1, table.addRef(pfn, (int) pfn + 1));
      assertEquals(MOST, table.addMapCount(pfn, MOST));
      assertEquals(-7, table.addEntireMapCount(pfn, -7));
      table.set(pfn, FrameTable.ANON | FrameTable.PAGECACHE);
      table.setOwner(pfn, -3);
      table.setIndex(pfn, Long.MAX_VALUE - pfn);
      table.setSwap(pfn, (1L << 50) + pfn);
    }
    for (long pfn : new long[] {0, 1, 2, 4095}) {
      assertEquals(pfn + 1, table.refs(pfn));
      assertEquals(MOST, table.mapCount(pfn));
      assertEquals(-7, table.entireMapCount(pfn));
      assertEquals(FrameTable.ANON | FrameTable.PAGECACHE, table.flags(pfn));
      assertEquals(-3, table.owner(pfn));
      assertEquals(Long.MAX_VALUE - pfn, table.index(pfn));
      assertEquals((1L << 50) + pfn, table.swap(pfn));
    }
    assertEquals(0, table.flags(3) | table.refs(3));
    assertEquals(-1, table.swap(4094));
  }

  @Test
  void aCountThatDoesNotFitIsAMistakeAndChangesNothing() {
    table.addRef(7, MOST);
    table.addMapCount(7, MOST);
    table.set(7, FrameTable.ANON);
    assertThrows(IllegalStateException.class, () -> table.addRef(7, 1));
    assertThrows(IllegalStateException.class, () -> table.addMapCount(7, 1));
    assertThrows(IllegalStateException.class, () -> table.share(new long[] {Pte.of(7, RW)}, 1));
    assertThrows(IllegalStateException.class, () -> table.addMapCount(8, -1));
    assertEquals(MOST, table.refs(7));
    assertEquals(MOST, table.mapCount(7));
    assertEquals(FrameTable.ANON, table.flags(7));
    assertEquals(0, table.refs(8) | table.mapCount(8));
  }

  @Test
  void sharingCountsEachPresentEntryAndTakesExclusiveAway() {
    table.setFolio(512, 9);
    table.set(513, FrameTable.EXCLUSIVE);
    table.set(5, FrameTable.EXCLUSIVE | FrameTable.ANON);
    table.set(6, FrameTable.ZERO);
    table.share(new long[] {Pte.of(5, RW), 0, Pte.of(513, RW), Pte.of(6, RW), Pte.of(4, RW)}, 4);
    assertEquals(FrameTable.ANON, table.flags(5));
    assertEquals(FrameTable.TAIL, table.flags(513));
    assertEquals(1, table.refs(512));
    for (long pfn : new long[] {5, 513}) {
      assertEquals(1, table.mapCount(pfn));
      assertEquals(1, table.refs(pfn));
    }
    assertEquals(0, table.refs(6) | table.mapCount(6) | table.refs(4) | table.mapCount(512));
  }

  @Test
  void flagsAreSetAndClearedOneByOne() {
    table.set(9, FrameTable.DIRTY);
    table.set(9, FrameTable.LRU);
    assertTrue(table.has(9, FrameTable.DIRTY));
    table.clear(9, FrameTable.DIRTY | FrameTable.ZERO);
    assertFalse(table.has(9, FrameTable.DIRTY));
    assertEquals(FrameTable.LRU, table.flags(9));
  }

  @Test
  void aTailAnswersForItsFolioWithWhatTheHeadSays() {
    table.setFolio(512, 9);
    table.addRef(512, 4);
    table.addEntireMapCount(700, 1);
    table.setOwner(700, 77);
    table.setIndex(512, 1000);
    for (long pfn = 512; pfn < 1024; pfn++) {
      assertEquals(512, table.head(pfn));
      assertEquals(9, table.order(pfn));
      assertEquals(4, table.refs(pfn));
      assertEquals(1, table.entireMapCount(pfn));
      assertEquals(77, table.owner(pfn));
      assertEquals(1000 + pfn - 512, table.index(pfn));
      assertEquals(pfn == 512 ? FrameTable.HEAD : FrameTable.TAIL, table.flags(pfn));
    }
    assertEquals(1024, table.head(1024));
    assertEquals(511, table.head(511));
    assertEquals(5, table.addRef(1023, 1));
    table.setIndex(520, 8);
    assertEquals(0, table.index(512));
  }

  @Test
  void aFolioThatIsSplitIsFramesWithItsOwnerAndFlagsAndTheirOwnIndex() {
    table.setFolio(512, 9);
    table.set(512, FrameTable.ANON | FrameTable.DIRTY | FrameTable.EXCLUSIVE);
    table.set(600, FrameTable.EXCLUSIVE);
    table.setOwner(512, 77);
    table.setIndex(512, 1000);
    table.addRef(512, 4);
    table.addMapCount(600, 1);
    table.splitFolio(512);
    for (long pfn = 512; pfn < 1024; pfn++) {
      boolean exclusive = pfn == 512 || pfn == 600;
      assertEquals(pfn, table.head(pfn));
      assertEquals(0, table.order(pfn));
      assertEquals(77, table.owner(pfn));
      assertEquals(1000 + pfn - 512, table.index(pfn));
      assertEquals(
          FrameTable.ANON | FrameTable.DIRTY | (exclusive ? FrameTable.EXCLUSIVE : 0),
          table.flags(pfn));
      assertEquals(pfn == 512 ? 4 : 0, table.refs(pfn));
      assertEquals(pfn == 600 ? 1 : 0, table.mapCount(pfn));
    }
  }

  @Test
  void resettingTouchesTheRecordsOfTheBlockAlone() {
    for (long pfn = 0; pfn < 64; pfn++) {
      table.addRef(pfn, 1);
      table.setSwap(pfn, 3);
    }
    table.reset(16, 4);
    table.reset(40, 0);
    for (long pfn = 0; pfn < 64; pfn++) {
      boolean reset = pfn == 40 || (pfn >= 16 && pfn < 32);
      assertEquals(reset ? 0 : 1, table.refs(pfn));
      assertEquals(reset ? -1 : 3, table.swap(pfn));
    }
  }

  @Test
  void aFrameThatHasNoRecordIsRefused() {
    assertThrows(IndexOutOfBoundsException.class, () -> table.refs(4096));
    assertThrows(IndexOutOfBoundsException.class, () -> table.addRef(-1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> table.set(1L << 60, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> table.reset(4095, 1));
  }

  @Test
  void onlyWholeFramesOfRamAreCountedAndAnImageIsNot() {
    try (Arena arena = Arena.ofShared();
        PhysicalMemory memory =
            PhysicalMemory.builder()
                .ram(0x1800, 0x2800)
                .ram(0x4000, 0x1001)
                .image(0x8000, arena.allocate(0x1000))
                .ram(0x9000, 0x800)
                .ram(0x9800, 0x1800)
                .ram(0x20800, 0x800)
                .build()) {
      assertEquals(
          List.of(new FrameRange(2, 5, 0), new FrameRange(9, 11, 0)), FrameRange.of(memory));
      assertEquals(
          List.of(new FrameRange(2, 4, 0), new FrameRange(4, 5, 1), new FrameRange(9, 11, 2)),
          FrameRange.of(memory, 4, 5));
    }
  }

  @Test
  void aFrameInAHoleHasNoNode() {
    try (FrameTable holes =
        new FrameTable(List.of(new FrameRange(2, 4, 0), new FrameRange(6, 8, 1)))) {
      assertEquals(-1, holes.node(1));
      assertEquals(0, holes.node(3));
      assertEquals(-1, holes.node(4));
      assertEquals(1, holes.node(7));
      assertEquals(8, holes.frames());
    }
  }
}
