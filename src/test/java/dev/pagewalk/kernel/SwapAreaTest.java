package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slots are counted, keep their contents, and are free when nobody has them. */
class SwapAreaTest {
  private static final int SLOT = SwapArea.SLOT_BYTES;

  /** Where the slots are. */
  enum Form {
    MEMORY,
    FILE;

    SwapArea ofSlots(int slots, Path directory) throws IOException {
      if (this == MEMORY) {
        return SwapArea.inMemory((long) slots * SLOT, true);
      }
      Path file = directory.resolve("swap");
      SwapArea.makeFile(file, (long) slots * SLOT);
      return SwapArea.open(file);
    }
  }

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void aSlotIsFreeWhenTheLastEntryIsGone(Form form) throws IOException {
    try (SwapArea area = form.ofSlots(10, directory)) {
      assertEquals(9, area.total());
      long slot = area.allocate();
      assertEquals(1, slot);
      assertEquals(1, area.count(slot));
      area.duplicate(slot);
      area.duplicate(slot);
      assertEquals(1, area.used());
      assertEquals(2, area.release(slot));
      assertEquals(1, area.release(slot));
      assertEquals(1, area.used());
      assertEquals(0, area.release(slot));
      assertEquals(0, area.used());
      assertThrows(IllegalStateException.class, () -> area.release(slot));
      assertThrows(IllegalStateException.class, () -> area.duplicate(slot));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLowestFreeSlotIsTakenUntilThereIsNone(Form form) throws IOException {
    try (SwapArea area = form.ofSlots(10, directory)) {
      for (long slot = 1; slot < 10; slot++) {
        assertEquals(slot, area.allocate());
      }
      assertEquals(-1, area.allocate());
      assertEquals(area.total(), area.used());
      area.release(7);
      area.release(3);
      assertEquals(3, area.allocate());
      assertEquals(7, area.allocate());
      assertEquals(-1, area.allocate());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSlotInTheSwapCacheIsNotFreeWithoutEntries(Form form) throws IOException {
    try (SwapArea area = form.ofSlots(10, directory)) {
      long slot = area.allocate();
      assertEquals(-1, area.cached(slot));
      area.setCached(slot, 0);
      assertEquals(0, area.cached(slot));
      assertThrows(IllegalStateException.class, () -> area.setCached(slot, 5));
      assertEquals(0, area.release(slot));
      assertEquals(1, area.used());
      assertEquals(2, area.allocate());
      area.duplicate(slot);
      assertEquals(0, area.release(slot));
      area.clearCached(slot);
      assertEquals(1, area.used());
      assertEquals(-1, area.cached(slot));
      assertEquals(slot, area.allocate());
      area.setCached(slot, 1L << 40);
      assertEquals(1L << 40, area.cached(slot));
      area.clearCached(slot);
      assertEquals(1, area.count(slot));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFrameComesBackAsItWasWritten(Form form) throws IOException {
    Random random = new Random(1);
    byte[][] contents = new byte[20][SLOT];
    try (SwapArea area = form.ofSlots(21, directory);
        PhysicalMemory memory = PhysicalMemory.ofSize(0x10000)) {
      for (byte[] content : contents) {
        random.nextBytes(content);
        memory.write(0x3000, content, 0, SLOT);
        assertTrue(area.write(area.allocate(), memory, 0x3000));
      }
      byte[] back = new byte[SLOT];
      for (int slot = 20; slot > 0; slot--) {
        assertTrue(area.read(slot, memory, 0x5000));
        memory.read(0x5000, back, 0, SLOT);
        assertEquals(-1, Arrays.mismatch(contents[slot - 1], back));
      }
      memory.fill(0x3000, SLOT, 0);
      area.release(4);
      long again = area.allocate();
      assertTrue(area.write(again, memory, 0x3000));
      assertTrue(area.read(again, memory, 0x5000));
      assertTrue(memory.isZero(0x5000, SLOT));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSlotThatIsFreeOrNotThereIsRefused(Form form) throws IOException {
    try (SwapArea area = form.ofSlots(10, directory);
        PhysicalMemory memory = PhysicalMemory.ofSize(SLOT)) {
      assertThrows(IllegalStateException.class, () -> area.read(1, memory, 0));
      assertThrows(IllegalStateException.class, () -> area.write(1, memory, 0));
      assertThrows(IllegalStateException.class, () -> area.setCached(1, 0));
      assertThrows(IllegalStateException.class, () -> area.clearCached(1));
      for (long slot : new long[] {-1, 0, 10}) {
        assertThrows(IndexOutOfBoundsException.class, () -> area.count(slot));
        assertThrows(IndexOutOfBoundsException.class, () -> area.duplicate(slot));
        assertThrows(IndexOutOfBoundsException.class, () -> area.cached(slot));
      }
    }
  }

  @Test
  void onlyMemoryIsReadWithoutSleepingAndOnlyIfItIsSaid() throws IOException {
    try (SwapArea slow = SwapArea.inMemory(2L * SLOT, false);
        SwapArea fast = SwapArea.inMemory(2L * SLOT, true);
        SwapArea file = Form.FILE.ofSlots(2, directory)) {
      assertFalse(slow.synchronous());
      assertTrue(fast.synchronous());
      assertFalse(file.synchronous());
    }
  }

  @Test
  void anAreaOfATebibyteIsMadeAndUsedAtOnce() {
    try (SwapArea area = SwapArea.inMemory(1L << 40, true);
        PhysicalMemory memory = PhysicalMemory.ofSize(SLOT)) {
      assertEquals((1L << 28) - 1, area.total());
      memory.write64(8, 5);
      long slot = area.allocate();
      area.write(slot, memory, 0);
      memory.write64(8, 6);
      area.read(slot, memory, 0);
      assertEquals(5, memory.read64(8));
    }
  }

  @Test
  void anAreaHasAtLeastOneSlotBesideTheHeader() {
    assertThrows(IllegalArgumentException.class, () -> SwapArea.inMemory(2L * SLOT - 1, true));
    assertThrows(IllegalArgumentException.class, () -> SwapArea.inMemory(1L << 43, true));
  }

  @Test
  void aFileThatIsCutShortAnswersThatItCannotBeRead() throws IOException {
    try (SwapArea area = Form.FILE.ofSlots(10, directory);
        PhysicalMemory memory = PhysicalMemory.ofSize(SLOT)) {
      memory.write64(0, 77);
      for (int i = 1; i < 10; i++) {
        assertTrue(area.write(area.allocate(), memory, 0));
      }
      Path file = directory.resolve("swap");
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5 * SLOT + 1));
      assertTrue(area.read(4, memory, 0));
      assertFalse(area.read(5, memory, 0));
      assertFalse(area.read(9, memory, 0));
      assertEquals(77, memory.read64(0));
    }
  }

  @Test
  void badPagesAreNotHandedOut() throws IOException {
    Path file = directory.resolve("swap");
    new SwapHeader(6, List.of(1, 3, 6)).write(file, 7L * SLOT);
    try (SwapArea area = SwapArea.open(file)) {
      assertEquals(3, area.total());
      assertEquals(2, area.allocate());
      assertEquals(4, area.allocate());
      assertEquals(5, area.allocate());
      assertEquals(-1, area.allocate());
    }
  }
}
