package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The locked update of a word. */
class CompareAndSetTest {
  @ParameterizedTest
  @EnumSource
  void aWordChangesOnlyIfItIsWhatWasExpected(MemoryForm form) {
    try (PhysicalMemory memory = form.ofSize(0x10000)) {
      assertTrue(memory.compareAndSet(0x1000, 0, 0x8000_0000_0000_0067L));
      assertFalse(memory.compareAndSet(0x1000, 0, 5));
      assertEquals(0x8000_0000_0000_0067L, memory.read64(0x1000));
      assertEquals(0x67, memory.read8(0x1000));
      assertTrue(memory.compareAndSet(0x1000, 0x8000_0000_0000_0067L, 5));
      assertEquals(5, memory.read64(0x1000));
      assertEquals(0, memory.read64(0xff8) | memory.read64(0x1008));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHoleIsAllOnesAndStaysSo(MemoryForm form) {
    try (PhysicalMemory memory = form.ofSize(0x1000)) {
      assertFalse(memory.compareAndSet(0x1000, 0, 5));
      assertEquals(0, memory.holeWrites());
      assertTrue(memory.compareAndSet(0x1000, -1, 5));
      assertEquals(1, memory.holeWrites());
      assertEquals(2, memory.holeReads());
      assertEquals(-1, memory.read64(0x1000));
    }
  }

  @ParameterizedTest
  @EnumSource
  void inAWordHalfInAHoleOnlyTheOtherHalfChanges(MemoryForm form) {
    try (PhysicalMemory memory = form.ofSize(0x1004)) {
      assertFalse(memory.compareAndSet(0x1000, 0, 5));
      assertTrue(memory.compareAndSet(0x1000, 0xffff_ffff_0000_0000L, 5));
      assertEquals(0xffff_ffff_0000_0005L, memory.read64(0x1000));
      assertTrue(memory.compareAndSet(0x1000, 0xffff_ffff_0000_0005L, 6));
      assertEquals(6, memory.read32(0x1000));
      assertEquals(2, memory.holeWrites());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWordOfAPartlyCoveredFrameIsLikeAnyOther(MemoryForm form) {
    try (PhysicalMemory memory = form.ofSize(0x1010)) {
      assertTrue(memory.compareAndSet(0x1008, 0, 5));
      assertFalse(memory.compareAndSet(0x1008, 0, 6));
      assertEquals(5, memory.read64(0x1008));
      assertEquals(0, memory.holeReads() + memory.holeWrites());
    }
  }

  @Test
  void aWordOfAnImageIsCopiedFirst() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(PhysicalMemory.FRAME_BYTES);
      image.fill((byte) 0x11);
      try (PhysicalMemory memory = PhysicalMemory.builder().image(0x1000, image).build()) {
        assertFalse(memory.compareAndSet(0x1000, 0, 5));
        assertEquals(0, memory.residentBytes());
        assertTrue(memory.compareAndSet(0x1000, 0x1111_1111_1111_1111L, 5));
        assertEquals(5, memory.read64(0x1000));
        assertEquals(0x11, memory.read8(0x1008));
        assertEquals(0x11, image.get(NativeMemory.SHORT, 0) & 0xff);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4, 7, 0xffc, 0x100001})
  void anAddressThatIsNotAMultipleOf8IsRefused(long pa) {
    for (MemoryForm form : MemoryForm.values()) {
      try (PhysicalMemory memory = form.ofSize(0x10000)) {
        assertThrows(IllegalArgumentException.class, () -> memory.compareAndSet(pa, 0, 0));
      }
    }
  }
}
