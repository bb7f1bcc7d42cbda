package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers where no memory is. */
class HoleTest {
  /** RAM from 0x1000 to 0x2ffc and from 0x8000 to 0x9000: half a word short of a frame's end. */
  private final PhysicalMemory memory =
      PhysicalMemory.builder().ram(0x8000, 0x1000).ram(0x1000, 0x1ffc).build();

  @AfterEach
  void close() {
    memory.close();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 0xff8, 0x3000, 0x5003, 0x7ff8, 0x9000, 1L << 40, 1L << 52, Long.MIN_VALUE, -16})
  void aHoleReadsAsAllOnesAndDropsWritesAndBothAreCounted(long pa) {
    memory.write8(pa, 0);
    memory.write16(pa, 0);
    memory.write32(pa, 0);
    memory.write64(pa, 0);
    assertEquals(4, memory.holeWrites());
    assertEquals(0, memory.holeReads());
    assertEquals(0xff, memory.read8(pa));
    assertEquals(0xffff, memory.read16(pa));
    assertEquals(-1, memory.read32(pa));
    assertEquals(-1L, memory.read64(pa));
    assertEquals(4, memory.holeReads());
    assertEquals(4, memory.holeWrites());
    assertEquals(0, memory.residentBytes());
    assertTrue(memory.isHole(pa));
  }

  @Test
  void memoryIsNoHoleAndIsNotCounted() {
    memory.write64(0x1000, 5);
    memory.write32(0x2ff8, 6);
    assertEquals(5, memory.read64(0x1000));
    assertEquals(6, memory.read32(0x2ff8));
    assertEquals(0, memory.read64(0x8ff8));
    assertFalse(memory.isHole(0x1000));
    assertFalse(memory.isHole(0x2ffb));
    assertTrue(memory.isHole(0x2ffc));
    assertEquals(0, memory.holeReads());
    assertEquals(0, memory.holeWrites());
  }

  @Test
  void anAccessHalfInAHoleReadsOnesThereAndWritesTheOtherHalf() {
    assertEquals(0xffff_ffff_0000_0000L, memory.read64(0x2ff8));
    memory.write64(0x2ff8, 0x1122_3344_5566_7788L);
    assertEquals(0xffff_ffff_5566_7788L, memory.read64(0x2ff8));
    assertEquals(0x5566_7788, memory.read32(0x2ff8));
    assertEquals(2, memory.holeReads());
    assertEquals(1, memory.holeWrites());
  }

  @Test
  void anAccessThatLeavesMemoryAtAFrameBoundaryIsSplitThere() {
    memory.write64(0x8ffc, 0x1122_3344_5566_7788L);
    assertEquals(0xffff_ffff_5566_7788L, memory.read64(0x8ffc));
    memory.write64(0x7ffc, 0x1122_3344_5566_7788L);
    assertEquals(0x1122_3344_ffff_ffffL, memory.read64(0x7ffc));
    assertEquals(0x1122_3344, memory.read32(0x8000));
    assertEquals(2, memory.holeReads());
    assertEquals(2, memory.holeWrites());
  }

  @Test
  void aFrameThatIsPartlyMemoryKeepsItsHoleOnceWritten() {
    memory.write8(0x2000, 1);
    memory.write64(0x2ff9, 0);
    assertEquals(1, memory.read8(0x2000));
    assertEquals(0xff, memory.read8(0x2ffc));
    assertEquals(0xffff_ffff_ff00_0000L, memory.read64(0x2ff9));
    assertEquals(-1, memory.read32(0x2ffc));
    assertEquals(PhysicalMemory.FRAME_BYTES, memory.residentBytes());
  }

  @Test
  void twoRegionsMayMeetWithinAWord() {
    try (PhysicalMemory joined =
        PhysicalMemory.builder().ram(0, 0x1003).ram(0x1003, 0xffd).build()) {
      assertEquals(0, joined.read64(0x1000));
      joined.write64(0x1000, 0x1122_3344_5566_7788L);
      assertEquals(0x1122_3344_5566_7788L, joined.read64(0x1000));
      assertTrue(joined.compareAndSet(0x1000, 0x1122_3344_5566_7788L, 9));
      assertEquals(9, joined.read64(0x1000));
      assertEquals(0, joined.holeReads() + joined.holeWrites());
    }
  }

  @Test
  void clearingForgetsTheCounts() {
    memory.read8(0);
    memory.write8(0, 0);
    memory.clear();
    assertEquals(0, memory.holeReads());
    assertEquals(0, memory.holeWrites());
  }
}
