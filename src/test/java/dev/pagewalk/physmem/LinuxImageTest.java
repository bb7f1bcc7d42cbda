package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Gzip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page tables of a real Linux kernel, in the ELF core that comes with the project. */
class LinuxImageTest {
  private static final Path IMAGE = Path.of("test-vectors/images/linux-6.1-4level.elf.gz");

  /** The PML4 table of the main root, from {@code linux-6.1-4level.registers.json}. */
  private static final long ROOT = 0x29d_e000L;

  @Test
  void itHas433TablesIn52Regions() throws Exception {
    try (PhysicalMemory memory = MemoryImage.open(IMAGE)) {
      assertEquals(52, memory.regions().size());
      assertEquals(433L * 4096, memory.regions().stream().mapToLong(Region::bytes).sum());
      assertEquals(new Region(0x100_0000, 0x4_1000, true), memory.regions().getFirst());
      assertTrue(memory.isHole(0xff_ffff));
    }
  }

  @Test
  void everyWordIsTheOneInTheFile() throws Exception {
    ByteBuffer file = ByteBuffer.wrap(Gzip.bytes(IMAGE)).order(ByteOrder.LITTLE_ENDIAN);
    try (PhysicalMemory memory = MemoryImage.open(IMAGE)) {
      for (int i = 0; i < file.getShort(56); i++) {
        int header = 64 + 56 * i;
        int offset = (int) file.getLong(header + 8);
        long pa = file.getLong(header + 24);
        for (int at = 0; at < file.getLong(header + 32); at += 8) {
          assertEquals(file.getLong(offset + at), memory.read64(pa + at));
        }
      }
      assertEquals(0, memory.holeReads());
      assertEquals(0, memory.residentBytes());
    }
  }

  @Test
  void theRootTableHasEntriesForTablesThatAreThere() throws Exception {
    try (PhysicalMemory memory = MemoryImage.open(IMAGE)) {
      int present = 0;
      for (int i = 0; i < 512; i++) {
        long entry = memory.read64(ROOT + 8L * i);
        if ((entry & 1) != 0) {
          present++;
          assertTrue(!memory.isHole(entry & 0xf_ffff_ffff_f000L), "entry " + i);
        }
      }
      assertNotEquals(0, present);
    }
  }

  @Test
  void aWriteChangesWhatIsReadButNotTheFile() throws Exception {
    byte[] before = Files.readAllBytes(IMAGE);
    try (PhysicalMemory memory = MemoryImage.open(IMAGE)) {
      long entry = memory.read64(ROOT);
      memory.write64(ROOT, ~entry);
      assertEquals(~entry, memory.read64(ROOT));
      assertEquals(4096, memory.residentBytes());
      memory.clear();
      assertEquals(entry, memory.read64(ROOT));
    }
    assertArrayEquals(before, Files.readAllBytes(IMAGE));
  }
}
