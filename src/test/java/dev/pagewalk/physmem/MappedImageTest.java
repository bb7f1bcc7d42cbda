package dev.pagewalk.physmem;

import static dev.pagewalk.physmem.ImageBytes.counting;
import static dev.pagewalk.physmem.ImageBytes.gzip;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** An image is mapped: opening costs nothing, closing leaves nothing, the file stays as it is. */
class MappedImageTest {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path directory;

  @Test
  void aWriteChangesWhatIsReadButNotTheFile() throws Exception {
    byte[] bytes = counting(0, 0x3000);
    Path file = Files.write(directory.resolve("image"), bytes);
    try (PhysicalMemory memory = MemoryImage.open(file)) {
      memory.write64(0x1008, -1);
      assertTrue(memory.compareAndSet(0x2000, 0x0706_0504_0302_0100L, 0x67));
      assertEquals(-1, memory.read64(0x1008));
      assertEquals(0x1716_1514_1312_1110L, memory.read64(0x1010));
      assertEquals(0x67, memory.read64(0x2000));
      assertEquals(2L * PhysicalMemory.FRAME_BYTES, memory.residentBytes());
      memory.clear();
      assertEquals(0x0f0e_0d0c_0b0a_0908L, memory.read64(0x1008));
      assertEquals(0x0706_0504_0302_0100L, memory.read64(0x2000));
      assertEquals(0, memory.residentBytes());
      memory.write8(0, 0x55);
    }
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void aLargeSparseFileOpensAtOnceAndTakesLittleHeap(TestReporter reporter) throws Exception {
    long size = 8L << 30;
    Path file = directory.resolve("sparse");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
      sparse.seek(size - 8);
      sparse.writeLong(0x0123_4567_89ab_cdefL);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    try (PhysicalMemory memory = MemoryImage.open(file)) {
      assertEquals(0xefcd_ab89_6745_2301L, memory.read64(size - 8));
      assertEquals(0, memory.read64(4L << 30));
      assertEquals(-1, memory.read64(size));
      assertEquals(0, memory.residentBytes());
    }
    long nanos = System.nanoTime() - start;
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    reporter.publishEntry("8 GiB opened in", nanos / 1000 + " us, " + allocated + " bytes of heap");
    assertTrue(nanos < 1_000_000_000, "took " + nanos + " ns");
    assertTrue(allocated < 4 << 20, "allocated " + allocated + " bytes");
  }

  @Test
  void aGzippedFileIsExpandedOutsideTheHeap() throws Exception {
    int size = 64 << 20;
    byte[] bytes = new byte[size];
    bytes[size / 2] = 0x5a;
    Path file = Files.write(directory.resolve("image"), gzip(bytes));
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    try (PhysicalMemory memory = MemoryImage.open(file)) {
      assertEquals(List.of(new Region(0, size, true)), memory.regions());
      assertEquals(0x5a00, memory.read16(size / 2 - 1));
      assertEquals(0xff00, memory.read16(size - 1));
    }
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    assertTrue(allocated < 8 << 20, "allocated " + allocated + " bytes");
  }

  @Test
  void theFileIsMappedWhileTheMemoryIsOpenAndNotAfterwards() throws Exception {
    assumeTrue(Files.exists(MAPS), "the system does not list a process's mappings");
    Path file = Files.write(directory.resolve("mapped.image"), counting(0, 0x1000));
    try (PhysicalMemory memory = MemoryImage.open(file)) {
      assertEquals(0x0100, memory.read16(0));
      assertEquals(1, mappingsOf("mapped.image").size());
    }
    assertEquals(List.of(), mappingsOf("mapped.image"));
  }

  @Test
  void theTemporaryFileOfAGzippedImageIsDeletedAtOnce() throws Exception {
    assumeTrue(Files.exists(MAPS), "the system does not list a process's mappings");
    Path file = Files.write(directory.resolve("image"), gzip(counting(0, 0x1000)));
    try (PhysicalMemory memory = MemoryImage.open(file)) {
      assertEquals(0x0100, memory.read16(0));
      List<String> mappings = mappingsOf("pagewalk-expanded-");
      assertEquals(1, mappings.size());
      assertTrue(mappings.getFirst().endsWith(".image (deleted)"), mappings.getFirst());
    }
    assertEquals(List.of(), mappingsOf("pagewalk-expanded-"));
  }

  private static List<String> mappingsOf(String name) throws Exception {
    return Files.readAllLines(MAPS).stream().filter(line -> line.contains(name)).toList();
  }
}
