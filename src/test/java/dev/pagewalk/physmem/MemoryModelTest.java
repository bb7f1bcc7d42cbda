package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random accesses against an array of bytes, in a memory full of seams. */
class MemoryModelTest {
  private static final int END = 0xc000;
  private static final int STEPS =
      System.getProperty("pagewalk.tests", "default").equals("full") ? 5_000_000 : 200_000;

  /** Regions: start, length and whether it is an image; everything else is a hole. */
  private static final int[][] SEAMS = {
    {0x0, 0x1800, 0},
    {0x1800, 0x1803, 1},
    {0x3003, 0x5, 0},
    {0x3010, 0x1, 1},
    {0x3ffc, 0x2004, 0},
    {0x7000, 0x1000, 1},
    {0x8001, 0xffe, 1},
    {0x9003, 0x1ffd, 0},
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyAccessDoesWhatItDoesToPlainBytes(long seed) {
    run(seed, SEAMS, PhysicalMemory.builder());
  }

  @Test
  void everyAccessDoesWhatItDoesToPlainBytesForASeedNeverUsedBefore() {
    run(System.nanoTime(), SEAMS, PhysicalMemory.builder());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x5, 0x8, 0x1000, 0x2804, 0x280f})
  void everyAccessToFlatMemoryDoesWhatItDoesToPlainBytes(int bytes) {
    int[][] one = {{0, bytes, 0}};
    run(bytes, one, PhysicalMemory.builder().flat());
  }

  private static void run(long seed, int[][] regions, PhysicalMemory.Builder builder) {
    Random random = new Random(seed);
    try (Arena arena = Arena.ofShared()) {
      int[] first = new int[END];
      Arrays.fill(first, -1);
      for (int[] region : regions) {
        MemorySegment image = arena.allocate(region[1]);
        for (int i = 0; i < region[1]; i++) {
          int value = region[2] == 0 ? 0 : random.nextInt(256);
          image.set(ValueLayout.JAVA_BYTE, i, (byte) value);
          first[region[0] + i] = value;
        }
        if (region[2] == 0) {
          builder.ram(region[0], region[1]);
        } else {
          builder.image(region[0], image);
        }
      }
      try (PhysicalMemory memory = builder.build()) {
        Model model = new Model(regions, first);
        for (int step = 0; step < STEPS; step++) {
          step(random, memory, model, "seed " + seed + ", step " + step);
        }
      }
    }
  }

  private static void step(Random random, PhysicalMemory memory, Model model, String place) {
    long pa = random.nextInt(END - 8);
    if (random.nextInt(2) == 0) {
      // Close to a seam, of a region or of a frame.
      int[] region = model.regions[random.nextInt(model.regions.length)];
      int seam = random.nextInt(3);
      pa = seam == 0 ? region[0] : seam == 1 ? region[0] + region[1] : pa & ~0xfff;
      pa = Math.clamp(pa + random.nextInt(24) - 12, 0, END - 9);
    }
    long value = random.nextLong();
    switch (random.nextInt(10)) {
      case 0 -> memory.write8(pa, (int) model.write(pa, value, 1));
      case 1 -> memory.write16(pa, (int) model.write(pa, value, 2));
      case 2 -> memory.write32(pa, (int) model.write(pa, value, 4));
      case 3 -> memory.write64(pa, model.write(pa, value, 8));
      case 4 -> assertEquals(model.read(pa, 1), memory.read8(pa), place);
      case 5 -> assertEquals(model.read(pa, 2), memory.read16(pa), place);
      case 6 -> assertEquals((int) model.read(pa, 4), memory.read32(pa), place);
      case 7 -> assertEquals(model.read(pa, 8), memory.read64(pa), place);
      default -> {
        if (random.nextInt(1000) == 0) {
          memory.clear();
          model.clear();
        }
        long word = pa & -8;
        long expected = random.nextBoolean() ? model.peek(word, 8) : value;
        assertEquals(
            model.compareAndSet(word, expected, ~value),
            memory.compareAndSet(word, expected, ~value),
            place);
      }
    }
    assertEquals(model.holeReads, memory.holeReads(), place);
    assertEquals(model.holeWrites, memory.holeWrites(), place);
  }

  /** Memory as an array of bytes, -1 for a hole. */
  private static final class Model {
    private final int[][] regions;
    private final int[] first;
    private final int[] bytes;
    private long holeReads;
    private long holeWrites;

    Model(int[][] regions, int[] first) {
      this.regions = regions;
      this.first = first;
      this.bytes = first.clone();
    }

    long peek(long pa, int width) {
      long value = 0;
      for (int i = 0; i < width; i++) {
        value |= (bytes[(int) pa + i] & 0xffL) << (8 * i);
      }
      return value;
    }

    long read(long pa, int width) {
      holeReads += touchesHole(pa, width) ? 1 : 0;
      return peek(pa, width);
    }

    long write(long pa, long value, int width) {
      holeWrites += touchesHole(pa, width) ? 1 : 0;
      for (int i = 0; i < width; i++) {
        if (bytes[(int) pa + i] >= 0) {
          bytes[(int) pa + i] = (int) (value >>> (8 * i)) & 0xff;
        }
      }
      return value;
    }

    boolean compareAndSet(long pa, long expected, long value) {
      boolean same = read(pa, 8) == expected;
      if (same) {
        write(pa, value, 8);
      }
      return same;
    }

    void clear() {
      System.arraycopy(first, 0, bytes, 0, first.length);
      holeReads = 0;
      holeWrites = 0;
    }

    private boolean touchesHole(long pa, int width) {
      for (int i = 0; i < width; i++) {
        if (bytes[(int) pa + i] < 0) {
          return true;
        }
      }
      return false;
    }
  }
}
