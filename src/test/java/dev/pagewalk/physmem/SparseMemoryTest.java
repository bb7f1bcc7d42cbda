package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory costs what is written of it, not what there is of it. */
class SparseMemoryTest {
  private static final int FRAME = PhysicalMemory.FRAME_BYTES;

  @ParameterizedTest
  @ValueSource(longs = {256L << 30, PhysicalMemory.MAX_BYTES})
  void aLargeMachineIsMadeAtOnce(long bytes, TestReporter reporter) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      PhysicalMemory memory = PhysicalMemory.ofSize(bytes);
      memory.write64(bytes - 8, 7);
      best = Math.min(best, System.nanoTime() - start);
      assertEquals(7, memory.read64(bytes - 8));
      assertEquals(FRAME, memory.residentBytes());
      memory.close();
    }
    reporter.publishEntry("%d GiB made in".formatted(bytes >>> 30), best / 1000 + " microseconds");
    assertTrue(best < 50_000_000, "took " + best + " ns");
  }

  @Test
  void onlyTheFramesThatAreWrittenAreResident() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 40)) {
      for (int i = 1; i <= 1000; i++) {
        long pa = i * 0x3fff_f000L;
        memory.write8(pa, i);
        memory.write64(pa + 8, i);
        assertEquals((long) i * FRAME, memory.residentBytes());
      }
    }
  }

  @Test
  void readingAllocatesNothing() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 40)) {
      for (long pa = 0; pa < 1L << 40; pa += 0x1_2345_6789L) {
        assertEquals(0, memory.read64(pa) | memory.read8(pa));
      }
      assertEquals(0, memory.residentBytes());
    }
  }

  @Test
  void aCompareAndSetThatFailsAllocatesNothing() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 40)) {
      assertTrue(!memory.compareAndSet(0x1000, 1, 2));
      assertEquals(0, memory.residentBytes());
    }
  }

  @Test
  void clearingGivesBackEveryFrameAndPutsTheImageBack() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(2 * FRAME);
      image.fill((byte) 0x5a);
      try (PhysicalMemory memory =
          PhysicalMemory.builder().ram(0, 1L << 32).image(1L << 32, image).build()) {
        for (int round = 0; round < 3; round++) {
          assertEquals(0x5a5a, memory.read16(1L << 32));
          assertEquals(0x5a5a, memory.read16((1L << 32) + FRAME));
          assertEquals(0, memory.residentBytes());
          for (long pa = 0; pa < 100L << 20; pa += 1L << 20) {
            assertEquals(0, memory.read64(pa));
            memory.write64(pa, -1);
          }
          memory.write64(1L << 32, round);
          assertEquals(round, memory.read64(1L << 32));
          assertEquals(101L * FRAME, memory.residentBytes());
          memory.clear();
          assertEquals(0, memory.residentBytes());
        }
      }
      assertEquals(-1, image.mismatch(arena.allocate(2 * FRAME).fill((byte) 0x5a)));
    }
  }
}
