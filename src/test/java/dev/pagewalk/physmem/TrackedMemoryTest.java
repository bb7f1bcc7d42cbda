package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.TestSize;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that knows which lines were written clears and copies no others, and forgets none. */
class TrackedMemoryTest {
  private static final int FRAME = PhysicalMemory.FRAME_BYTES;
  private static final int FRAMES = 6;
  private static final int[] UNITS = {1, 8, Lines.BYTES, 512, FRAME};

  @BeforeEach
  void thereIsFlatMemory() {
    assumeTrue(Posix.isHere(), "there is no flat memory on this operating system");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void streamsOfWritesClearsAndCopiesLeaveWhatTheyLeaveInPlainBytes(long seed) {
    Random random = new Random(seed);
    try (PhysicalMemory memory = tracked(FRAMES * FRAME);
        PhysicalMemory other = tracked(FRAMES * FRAME)) {
      byte[] plain = new byte[FRAMES * FRAME];
      byte[] plainOther = new byte[FRAMES * FRAME];
      for (int i = 0; i < TestSize.pick(5_000, 200_000); i++) {
        write(random, memory, plain);
        write(random, other, plainOther);
        clear(random, memory, plain);
        clear(random, other, plainOther);
        copy(random, new Twin(other, plainOther), new Twin(memory, plain));
        copy(random, new Twin(memory, plain), new Twin(memory, plain));
        if (i % 100 == 0) {
          assertArrayEquals(plain, contents(memory), "after step " + i);
          assertArrayEquals(plainOther, contents(other), "after step " + i);
        }
      }
    }
  }

  @Test
  void theWordAcrossTwoLinesIsClearedInBoth() {
    try (PhysicalMemory memory = tracked(FRAMES * FRAME)) {
      memory.write16(63, 0xffff);
      memory.write32(FRAME + 62, -1);
      memory.write64(2 * FRAME + 57, -1);
      assertTrue(memory.compareAndSet(3 * FRAME + 64, 0, -1));
      memory.fill(0, FRAMES * FRAME, 0);
      assertTrue(memory.isZero(0, FRAMES * FRAME));
    }
  }

  @Test
  void theLastBytesOfAMemoryOfAnySizeAreClearedToo() {
    try (PhysicalMemory memory = tracked(FRAME + 515)) {
      memory.write8(FRAME + 514, 1);
      memory.write64(FRAME + 505, -1);
      memory.fill(0, FRAME + 515, 0);
      assertTrue(memory.isZero(0, FRAME + 515));
    }
  }

  @Test
  void clearingAndCopyingFramesThatWereNeverWrittenTakesNoMemory() {
    long bytes = 64L << 20;
    try (PhysicalMemory memory = tracked(bytes)) {
      memory.fill(0, bytes, 0);
      memory.copyFrom(memory, 0, bytes / 2, bytes / 2);
      assertEquals(0, memory.residentBytes());
      memory.write8(5, 1);
      memory.copyFrom(memory, 0, bytes / 2, bytes / 2);
      assertEquals(1, memory.read8(bytes / 2 + 5));
      assertEquals(2 * FRAME, memory.residentBytes());
    }
  }

  @Test
  void clearForgetsTheLinesWithTheirContents() {
    try (PhysicalMemory memory = tracked(FRAMES * FRAME)) {
      memory.fill(0, FRAMES * FRAME, 7);
      memory.clear();
      assertTrue(memory.isZero(0, FRAMES * FRAME));
      memory.fill(0, FRAMES * FRAME, 0);
      assertEquals(0, memory.read64(FRAME));
    }
  }

  private static PhysicalMemory tracked(long bytes) {
    return PhysicalMemory.builder().ram(0, bytes).tracked().build();
  }

  private static byte[] contents(PhysicalMemory memory) {
    byte[] bytes = new byte[FRAMES * FRAME];
    memory.read(0, bytes, 0, bytes.length);
    return bytes;
  }

  private static void write(Random random, PhysicalMemory memory, byte[] plain) {
    int width = 1 << random.nextInt(4);
    int at = random.nextInt(plain.length - width + 1);
    long value = random.nextLong();
    switch (width) {
      case 1 -> memory.write8(at, (int) value);
      case 2 -> memory.write16(at, (int) value);
      case 4 -> memory.write32(at, (int) value);
      default -> memory.write64(at, value);
    }
    for (int i = 0; i < width; i++) {
      plain[at + i] = (byte) (value >>> (8 * i));
    }
    if (random.nextInt(8) == 0) {
      byte[] many = new byte[random.nextInt(2000)];
      random.nextBytes(many);
      int from = random.nextInt(plain.length - many.length);
      memory.write(from, many, 0, many.length);
      System.arraycopy(many, 0, plain, from, many.length);
    }
  }

  private static void clear(Random random, PhysicalMemory memory, byte[] plain) {
    int unit = UNITS[random.nextInt(UNITS.length)];
    int from = random.nextInt(plain.length / unit) * unit;
    int bytes = Math.min(plain.length - from, (1 + random.nextInt(5)) * unit);
    byte value = random.nextInt(8) == 0 ? (byte) random.nextInt() : 0;
    memory.fill(from, bytes, value);
    Arrays.fill(plain, from, from + bytes, value);
  }

  /** A memory, and what it must hold. */
  private static final class Twin {
    final PhysicalMemory memory;
    final byte[] plain;

    Twin(PhysicalMemory memory, byte[] plain) {
      this.memory = memory;
      this.plain = plain;
    }
  }

  private static void copy(Random random, Twin source, Twin target) {
    int unit = UNITS[random.nextInt(UNITS.length)];
    int half = target.plain.length / 2;
    int from = random.nextInt(half / unit) * unit;
    int at = half + random.nextInt(half / unit) * unit;
    int bytes = Math.min(target.plain.length - at, Math.min(half - from, unit));
    target.memory.copyFrom(source.memory, from, at, bytes);
    System.arraycopy(source.plain, from, target.plain, at, bytes);
  }
}
