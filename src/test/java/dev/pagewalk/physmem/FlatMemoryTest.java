package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory in one reservation of native address space. */
class FlatMemoryTest {
  private static final long BYTES = 64L << 30;

  /** The most that the operating system may make resident for one touch. */
  private static final long LARGEST_PAGE = 2L << 20;

  @Test
  void aLargeMachineIsMadeAtOnceAndCostsOnlyWhatIsWritten(TestReporter reporter) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      PhysicalMemory memory = MemoryForm.FLAT.ofSize(BYTES);
      memory.write64(BYTES - 8, 7);
      best = Math.min(best, System.nanoTime() - start);
      memory.close();
    }
    reporter.publishEntry("64 GiB, flat, made in", best / 1000 + " microseconds");
    assertTrue(best < 50_000_000, "took " + best + " ns");
    try (PhysicalMemory memory = MemoryForm.FLAT.ofSize(BYTES)) {
      assertEquals(0, memory.residentBytes());
      for (int i = 1; i <= 100; i++) {
        memory.write64(i * 0x1234_5000L, i);
      }
      long resident = memory.residentBytes();
      assertTrue(resident >= 100L * PhysicalMemory.FRAME_BYTES, "resident: " + resident);
      assertTrue(resident <= 100 * LARGEST_PAGE, "resident: " + resident);
      memory.clear();
      assertEquals(0, memory.residentBytes());
      assertEquals(0, memory.read64(100 * 0x1234_5000L));
    }
  }

  /** Whether the operating system then has such pages to give is its own affair. */
  @Test
  void hugePagesAreAskedForFromTheFirstByteToTheLast() throws IOException {
    assumeTrue(Files.exists(Path.of("/sys/kernel/mm/transparent_hugepage")), "Linux, with them");
    long bytes = 8L << 20;
    try (PhysicalMemory memory = MemoryForm.HUGE_PAGES.ofSize(bytes)) {
      long start = memory.flat().orElseThrow().address();
      assertEquals(0, start % LARGEST_PAGE);
      String mapping = "%x-%x ".formatted(start, start + bytes);
      String told = Files.readString(Path.of("/proc/self/smaps"));
      int at = told.indexOf(mapping);
      assertTrue(at >= 0, mapping);
      String flags = told.substring(told.indexOf("VmFlags:", at)).lines().findFirst().orElseThrow();
      assertTrue(flags.contains(" hg"), flags);
    }
  }

  @Test
  void theSegmentIsTheMemoryItselfInLittleEndianWords() {
    try (PhysicalMemory memory = MemoryForm.FLAT.ofSize(0x12345)) {
      MemorySegment flat = memory.flat().orElseThrow();
      assertEquals(0x12345, flat.byteSize());
      memory.write8(0x8000, 0x88);
      memory.write8(0x8007, 0x11);
      assertEquals(0x1100_0000_0000_0088L, flat.get(NativeMemory.LONG, 0x8000));
      flat.set(NativeMemory.LONG, 0x1233d, 0x1122_3344_5566_7788L);
      assertEquals(0x1122_3344, memory.read32(0x12341));
      assertEquals(0x11, memory.read8(0x12344));
    }
  }

  @Test
  void theBytesBehindTheEndAreAHoleAlsoWhereThePageGoesOn() {
    try (PhysicalMemory memory = MemoryForm.FLAT.ofSize(0x1004)) {
      memory.write64(0x1000, 0x1122_3344_5566_7788L);
      assertEquals(0xffff_ffff_5566_7788L, memory.read64(0x1000));
      memory.write64(0x1004, 0);
      assertEquals(-1, memory.read32(0x1004));
      assertEquals(2, memory.holeReads());
      assertEquals(2, memory.holeWrites());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 8, 9, 0x1000})
  void theLastByteIsMemoryAndTheNextIsNot(long bytes) {
    try (PhysicalMemory memory = MemoryForm.FLAT.ofSize(bytes)) {
      memory.write8(bytes - 1, 0x5a);
      memory.write8(bytes, 0x5a);
      assertEquals(0x5a, memory.read8(bytes - 1));
      assertEquals(0xff, memory.read8(bytes));
      assertEquals(0xff5a, memory.read16(bytes - 1));
      assertEquals(2, memory.holeReads());
      assertEquals(1, memory.holeWrites());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -4, -7, -8, -4096, Long.MIN_VALUE, Long.MAX_VALUE - 3, 1L << 52})
  void farAddressesAnswerAsInSparseMemory(long pa) {
    try (PhysicalMemory flat = MemoryForm.FLAT.ofSize(0x1000);
        PhysicalMemory sparse = MemoryForm.SPARSE.ofSize(0x1000)) {
      flat.write64(pa, 0x1122_3344_5566_7788L);
      sparse.write64(pa, 0x1122_3344_5566_7788L);
      assertEquals(sparse.read64(pa), flat.read64(pa));
      assertEquals(sparse.read64(0), flat.read64(0));
      assertEquals(sparse.compareAndSet(pa & -8, -1, 5), flat.compareAndSet(pa & -8, -1, 5));
      assertEquals(sparse.holeReads(), flat.holeReads());
      assertEquals(sparse.holeWrites(), flat.holeWrites());
    }
  }

  @Test
  void closingGivesThePagesBackAndTheSegmentMayStillBeTouched() {
    PhysicalMemory memory = MemoryForm.FLAT.ofSize(BYTES);
    MemorySegment flat = memory.flat().orElseThrow();
    for (int frame = 0; frame < 256; frame++) {
      memory.write64((long) frame * PhysicalMemory.FRAME_BYTES, -1);
    }
    memory.close();
    assertEquals(0, memory.residentBytes());
    System.gc();
    assertEquals(0, flat.get(NativeMemory.LONG, 0x8000));
    flat.set(NativeMemory.LONG, BYTES - 8, 1);
    assertEquals(1, memory.flat().orElseThrow().get(NativeMemory.LONG, BYTES - 8));
  }

  @Test
  void theAddressesAreGivenBackOnceNobodyHasTheMemory() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")), "only Linux lists its mappings");
    long middle = middleOfAForgottenMemory();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (isMapped(middle)) {
      assertTrue(System.nanoTime() < deadline, "still mapped");
      System.gc();
      Thread.sleep(10);
    }
  }

  private static long middleOfAForgottenMemory() throws IOException {
    PhysicalMemory memory = MemoryForm.FLAT.ofSize(BYTES);
    long middle = memory.flat().orElseThrow().address() + BYTES / 2;
    memory.close();
    System.gc();
    assertTrue(isMapped(middle));
    return memory.flat().orElseThrow().address() + BYTES / 2;
  }

  private static boolean isMapped(long address) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      String[] range = line.split(" ", 2)[0].split("-", 2);
      if (Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
          && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whereTheOperatingSystemRefusesTheMemoryIsSparse() {
    try (PhysicalMemory memory =
        PhysicalMemory.builder().ram(0, PhysicalMemory.MAX_BYTES).flat().build()) {
      assertFalse(memory.flat().isPresent());
      memory.write64(PhysicalMemory.MAX_BYTES - 8, 7);
      assertEquals(7, memory.read64(PhysicalMemory.MAX_BYTES - 8));
    }
  }

  @Test
  void memoryIsNotFlatUnlessAskedFor() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(0x1000)) {
      assertFalse(memory.flat().isPresent());
    }
  }

  @Test
  void onlyOneRegionOfRamFromAddress0CanBeFlat() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(0x1000);
      assertRefused(PhysicalMemory.builder().ram(0x1000, 0x1000));
      assertRefused(PhysicalMemory.builder().ram(0, 0x1000).ram(0x2000, 0x1000));
      assertRefused(PhysicalMemory.builder().ram(0, 0x1000).image(0x1000, image));
      assertRefused(PhysicalMemory.builder().image(0, image));
      assertRefused(PhysicalMemory.builder());
    }
  }

  private static void assertRefused(PhysicalMemory.Builder builder) {
    assertThrows(IllegalArgumentException.class, () -> builder.flat().build());
  }

  @Test
  void anArenaThatItOwnsIsClosedWithIt() {
    Arena arena = Arena.ofShared();
    PhysicalMemory.builder().ram(0, 0x1000).flat().owning(arena).build().close();
    assertFalse(arena.scope().isAlive());
  }
}
