package dev.pagewalk.physmem;

import static dev.pagewalk.physmem.ImageBytes.counting;
import static dev.pagewalk.physmem.ImageBytes.elf;
import static dev.pagewalk.physmem.ImageBytes.elfCountedBySection;
import static dev.pagewalk.physmem.ImageBytes.gzip;
import static dev.pagewalk.physmem.ImageBytes.join;
import static dev.pagewalk.physmem.ImageBytes.lime;
import static dev.pagewalk.physmem.ImageBytes.load;
import static dev.pagewalk.physmem.ImageBytes.patch;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.physmem.ImageBytes.Range;
import dev.pagewalk.physmem.ImageBytes.Segment;
import dev.pagewalk.physmem.MemoryImage.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is where in memory, for each format of image. */
class ImageFormatTest {
  @TempDir Path directory;

  @Test
  void anElfSegmentIsAtItsPhysicalAddress() throws Exception {
    byte[] core = elf(load(0x8000, counting(0x80, 0x20)), load(0x1000, counting(0x10, 0x1000)));
    try (PhysicalMemory memory = open(core)) {
      assertEquals(
          List.of(new Region(0x1000, 0x1000, true), new Region(0x8000, 0x20, true)),
          memory.regions());
      assertEquals(0x1716_1514_1312_1110L, memory.read64(0x1000));
      assertEquals(0x0f, memory.read8(0x1fff));
      assertEquals(0xff0f, memory.read16(0x1fff));
      assertEquals(0x8786_8584_8382_8180L, memory.read64(0x8000));
      assertEquals(-1, memory.read32(0x8020));
    }
  }

  @Test
  void theRestOfAnElfSegmentIsZero() throws Exception {
    byte[] core = elf(load(0x1000, 0x3000, counting(1, 0x1004)), load(0x10000, 8, new byte[0]));
    try (PhysicalMemory memory = open(core)) {
      assertEquals(0x0000_0000_0403_0201L, memory.read64(0x2000));
      assertEquals(0, memory.read64(0x3ff8));
      assertEquals(-1, memory.read64(0x4000));
      assertEquals(0, memory.read64(0x10000));
      memory.write8(0x2003, 0);
      assertEquals(0x0000_0000_0003_0201L, memory.read64(0x2000));
    }
  }

  @Test
  void notesAndEmptySegmentsArePassedOver() throws Exception {
    Segment note = new Segment(ImageBytes.PT_NOTE, 0x1000, 8, counting(0, 8));
    Segment nowhere = load(-1, new byte[0]);
    try (PhysicalMemory memory = open(elf(note, nowhere, load(0x1000, counting(7, 8))))) {
      assertEquals(List.of(new Region(0x1000, 8, true)), memory.regions());
      assertEquals(7, memory.read8(0x1000));
    }
  }

  @Test
  void aSegmentWithoutContentsMayPointAnywhereInTheFile() throws Exception {
    byte[] core = patch(elf(load(0x1000, 0x1000, new byte[0])), 0x48, 8, -1);
    try (PhysicalMemory memory = open(core)) {
      assertEquals(0, memory.read64(0x1ff8));
    }
  }

  @Test
  void moreProgramHeadersThanTheHeaderCanCountAreCountedBySection0() throws Exception {
    Segment[] segments = new Segment[0x10005];
    Arrays.fill(segments, new Segment(ImageBytes.PT_NOTE, 0, 0, new byte[0]));
    segments[0] = load(0x1000, counting(1, 8));
    segments[segments.length - 1] = load(0x2000, counting(2, 8));
    try (PhysicalMemory memory = open(elfCountedBySection(segments))) {
      assertEquals(2, memory.regions().size());
      assertEquals(1, memory.read8(0x1000));
      assertEquals(2, memory.read8(0x2000));
    }
  }

  @Test
  void anElfSegmentMayEndWherePhysicalAddressesEnd() throws Exception {
    try (PhysicalMemory memory = open(elf(load((1L << 52) - 8, counting(1, 8))))) {
      assertEquals(0x0807_0605_0403_0201L, memory.read64((1L << 52) - 8));
    }
  }

  @Test
  void limeRangesAreWhereTheirHeadersSayInWhateverOrder() throws Exception {
    byte[] capture =
        lime(new Range(0x10_0000, counting(0x40, 0x1003)), new Range(0x1000, counting(0x10, 1)));
    try (PhysicalMemory memory = open(capture)) {
      assertEquals(
          List.of(new Region(0x1000, 1, true), new Region(0x10_0000, 0x1003, true)),
          memory.regions());
      assertEquals(0xff10, memory.read16(0x1000));
      assertEquals(0x4746_4544_4342_4140L, memory.read64(0x10_0000));
      assertEquals(0xff42_4140, memory.read32(0x10_1000));
    }
  }

  @Test
  void aRawImageStartsAtItsBase() throws Exception {
    byte[] bytes = counting(0x20, 0x1000);
    try (PhysicalMemory memory = open(bytes)) {
      assertEquals(List.of(new Region(0, 0x1000, true)), memory.regions());
      assertEquals(0x2120, memory.read16(0));
    }
    Path file = write("raw", bytes);
    try (PhysicalMemory memory = MemoryImage.open(file, Format.RAW, 0xffff_f800L)) {
      assertEquals(0x2726_2524_2322_2120L, memory.read64(0xffff_f800L));
      assertEquals(0x27_2625_2423_2221L | 0x28L << 56, memory.read64(0xffff_f801L));
      assertEquals(-1, memory.read64(0));
    }
  }

  @Test
  void theSmallestRawImageIsAByte() throws Exception {
    Path file = write("byte", new byte[] {0x7f});
    try (PhysicalMemory memory = MemoryImage.open(file, Format.RAW, 0)) {
      assertEquals(0xff7f, memory.read16(0));
    }
  }

  @Test
  void rawPagesNeedNotBeNamedAsSuch() throws Exception {
    try (PhysicalMemory memory = open(counting(9, 8192))) {
      assertEquals(List.of(new Region(0, 8192, true)), memory.regions());
    }
  }

  @Test
  void anElfCoreOpenedAsRawIsItsOwnBytes() throws Exception {
    Path file = write("core", elf(load(0x1000, counting(0, 8))));
    try (PhysicalMemory memory = MemoryImage.open(file, Format.RAW, 0)) {
      assertEquals(0x464c_457f, memory.read32(0));
    }
  }

  @Test
  void gzipIsKnownByItsMagicWhateverIsInItAndWhateverTheName() throws Exception {
    try (PhysicalMemory memory = open(gzip(elf(load(0x1000, counting(1, 8)))))) {
      assertEquals(1, memory.read8(0x1000));
    }
    try (PhysicalMemory memory = open(gzip(lime(new Range(0x2000, counting(2, 8)))))) {
      assertEquals(2, memory.read8(0x2000));
    }
    Path file = write("raw.elf", gzip(counting(3, 8)));
    try (PhysicalMemory memory = MemoryImage.open(file, Format.AUTO, 0x3000)) {
      assertEquals(3, memory.read8(0x3000));
    }
  }

  @Test
  void gzipMembersFollowOneAnother() throws Exception {
    byte[] members = join(gzip(counting(0, 100_000)), gzip(counting(7, 3)));
    Path file = write("members", members);
    try (PhysicalMemory memory = MemoryImage.open(file, Format.RAW, 0)) {
      assertEquals(List.of(new Region(0, 100_003, true)), memory.regions());
      assertEquals((99_999 & 0xff) | 7 << 8 | 8 << 16 | 9 << 24, memory.read32(99_999));
    }
  }

  @Test
  void aGzipHeaderMayHoldNameCommentExtraFieldsAndChecksum() throws Exception {
    byte[] plain = gzip(counting(5, 8));
    byte[] extras = {3, 0, 'x', 'y', 'z', 'n', 0, 'c', 0, 1, 2};
    byte[] header = patch(Arrays.copyOf(plain, 10), 3, 1, 0x1f);
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    Path file = write("extras", join(join(header, extras), rest));
    try (PhysicalMemory memory = MemoryImage.open(file, Format.RAW, 0)) {
      assertEquals(0x0605, memory.read16(0));
    }
  }

  private PhysicalMemory open(byte[] bytes) throws IOException {
    return MemoryImage.open(write("image", bytes));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }
}
