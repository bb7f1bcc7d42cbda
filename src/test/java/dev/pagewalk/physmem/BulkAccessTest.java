package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accesses of many bytes do what as many accesses of one byte do. */
class BulkAccessTest {
  private static final int FRAME = PhysicalMemory.FRAME_BYTES;
  private static final int END = 0xc000;

  /** Regions: start, length and whether it is an image; everything else is a hole. */
  private static final int[][] SEAMS = {
    {0x0, 0x1800, 0},
    {0x1800, 0x1803, 1},
    {0x3003, 0x5, 0},
    {0x3ffc, 0x2004, 0},
    {0x7000, 0x1000, 1},
    {0x8001, 0xffe, 1},
    {0x9003, 0x1ffd, 0},
  };

  private static final int[][] FLAT = {{0, 0x8003, 0}};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyAccessToAMemoryOfSeamsDoesWhatItDoesToPlainBytes(long seed) {
    run(new Random(seed), SEAMS, PhysicalMemory.builder());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyAccessToFlatMemoryDoesWhatItDoesToPlainBytes(long seed) {
    run(new Random(seed), FLAT, PhysicalMemory.builder().flat());
    run(new Random(seed), FLAT, PhysicalMemory.builder().tracked());
  }

  private static void run(Random random, int[][] regions, PhysicalMemory.Builder builder) {
    try (Arena arena = Arena.ofShared()) {
      int[] plain = new int[END];
      Arrays.fill(plain, -1);
      for (int[] region : regions) {
        byte[] first = new byte[region[1]];
        if (region[2] == 0) {
          builder.ram(region[0], region[1]);
        } else {
          random.nextBytes(first);
          MemorySegment image = arena.allocate(region[1]);
          image.copyFrom(MemorySegment.ofArray(first));
          builder.image(region[0], image);
        }
        for (int i = 0; i < region[1]; i++) {
          plain[region[0] + i] = first[i] & 0xff;
        }
      }
      try (PhysicalMemory memory = builder.build()) {
        Plain model = new Plain(memory, plain);
        for (int i = 0; i < TestSize.pick(3000, 200_000); i++) {
          model.step(random);
        }
      }
    }
  }

  /** The bytes that the memory should have, -1 for a hole, and the accesses to both. */
  private static final class Plain {
    private final PhysicalMemory memory;
    private final int[] bytes;
    private long holeReads;
    private long holeWrites;

    Plain(PhysicalMemory memory, int[] bytes) {
      this.memory = memory;
      this.bytes = bytes;
    }

    void step(Random random) {
      int length = random.nextInt(random.nextBoolean() ? 20 : 3 * FRAME);
      int pa = random.nextInt(END - length + 1);
      switch (random.nextInt(5)) {
        case 0 -> fill(pa, length, random.nextBoolean() ? 0 : random.nextInt());
        case 1 -> write(pa, length, random);
        case 2 -> copy(pa, length, random.nextInt(END - length + 1));
        case 3 -> assertEquals(isZero(pa, length), memory.isZero(pa, length));
        default -> read(pa, length, random.nextInt(9));
      }
      assertEquals(holeReads, memory.holeReads());
      assertEquals(holeWrites, memory.holeWrites());
    }

    private void fill(int pa, int length, int value) {
      memory.fill(pa, length, value);
      for (int i = 0; i < length; i++) {
        put(pa + i, value);
      }
    }

    private void write(int pa, int length, Random random) {
      byte[] from = new byte[length + random.nextInt(9)];
      random.nextBytes(from);
      int at = from.length - length;
      memory.write(pa, from, at, length);
      for (int i = 0; i < length; i++) {
        put(pa + i, from[at + i]);
      }
    }

    private void copy(int from, int length, int to) {
      if (Math.abs(from - to) < length && from != to) {
        return;
      }
      memory.copyFrom(memory, from, to, length);
      for (int i = 0; i < length; i++) {
        put(to + i, get(from + i));
      }
    }

    private boolean isZero(int pa, int length) {
      for (int i = 0; i < length; i++) {
        if (get(pa + i) != 0) {
          return false;
        }
      }
      return true;
    }

    private void read(int pa, int length, int at) {
      byte[] to = new byte[at + length];
      byte[] expected = new byte[at + length];
      memory.read(pa, to, at, length);
      for (int i = 0; i < length; i++) {
        expected[at + i] = (byte) get(pa + i);
      }
      assertArrayEquals(expected, to);
    }

    private int get(int pa) {
      holeReads += bytes[pa] < 0 ? 1 : 0;
      return bytes[pa] & 0xff;
    }

    private void put(int pa, int value) {
      if (bytes[pa] < 0) {
        holeWrites++;
      } else {
        bytes[pa] = value & 0xff;
      }
    }
  }

  @Test
  void whatIsZeroAnywayTakesNoNativeMemory() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 30)) {
      memory.fill(0, 1L << 30, 0);
      memory.copyFrom(memory, 0, 1L << 29, 1L << 29);
      assertTrue(memory.isZero(0, 1L << 30));
      byte[] bytes = {1, 2};
      memory.read(FRAME, bytes, 0, 2);
      assertArrayEquals(new byte[2], bytes);
      assertEquals(0, memory.residentBytes());
      memory.write8(FRAME, 1);
      assertFalse(memory.isZero(0, 1L << 30));
      memory.copyFrom(memory, 0, 1L << 29, 1L << 29);
      assertEquals(2 * FRAME, memory.residentBytes());
      assertEquals(1, memory.read8((1L << 29) + FRAME));
      memory.copyFrom(memory, 0, FRAME, FRAME);
      assertTrue(memory.isZero(0, 1L << 29));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyMayComeFromAMemoryOfAnyForm(MemoryForm form) {
    try (PhysicalMemory sparse = PhysicalMemory.ofSize(4 * FRAME);
        PhysicalMemory memory = form.ofSize(4 * FRAME)) {
      byte[] bytes = new byte[3 * FRAME];
      new Random(1).nextBytes(bytes);
      memory.write(100, bytes, 0, bytes.length);
      sparse.copyFrom(memory, 100, 7, bytes.length);
      memory.fill(0, 4 * FRAME, 0x55);
      memory.copyFrom(sparse, 7, 200, bytes.length);
      byte[] back = new byte[bytes.length];
      memory.read(200, back, 0, back.length);
      assertArrayEquals(bytes, back);
      assertEquals(0x55, memory.read8(199));
      assertEquals(0x55, memory.read8(200 + back.length));
    }
  }

  @Test
  void settingAFrameOfAnImageToZeroLeavesTheImageAsItIs() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(FRAME);
      image.fill((byte) 7);
      try (PhysicalMemory memory = PhysicalMemory.builder().image(0, image).build()) {
        assertFalse(memory.isZero(0, 1));
        memory.fill(0, FRAME, 0);
        assertTrue(memory.isZero(0, FRAME));
        assertEquals(7, image.get(ValueLayout.JAVA_BYTE, 0));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void lengthsThatAreNoneAreRefused(MemoryForm form) {
    try (PhysicalMemory memory = form.ofSize(FRAME)) {
      byte[] bytes = new byte[8];
      assertThrows(IllegalArgumentException.class, () -> memory.fill(0, -1, 0));
      assertThrows(IllegalArgumentException.class, () -> memory.isZero(0, -1));
      assertThrows(IllegalArgumentException.class, () -> memory.copyFrom(memory, 0, 0, -1));
      assertThrows(IndexOutOfBoundsException.class, () -> memory.read(0, bytes, 4, 5));
      assertThrows(IndexOutOfBoundsException.class, () -> memory.write(0, bytes, -1, 5));
    }
  }
}
