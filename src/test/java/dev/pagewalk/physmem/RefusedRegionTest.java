package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regions that a memory cannot have. */
class RefusedRegionTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0, -1",
    "-1, 1",
    "0, 0x10000000000001",
    "0x10000000000000, 1",
    "0xfffffffffffff, 2",
    "1, 0x7fffffffffffffff"
  })
  void aRegionOutside2To52BytesIsRefused(String start, String bytes) {
    PhysicalMemory.Builder builder = PhysicalMemory.builder();
    long from = Long.decode(start);
    long length = Long.decode(bytes);
    assertThrows(IllegalArgumentException.class, () -> builder.ram(from, length));
  }

  @Test
  void regionsThatOverlapAreRefusedInWhateverOrderTheyCome() {
    PhysicalMemory.Builder builder =
        PhysicalMemory.builder().ram(0x3000, 0x1000).ram(0, 0x1000).ram(0xfff, 0x10);
    Exception e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals("regions overlap at physical address 0xfff", e.getMessage());
  }

  @Test
  void aMemoryWithoutRegionsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> PhysicalMemory.builder().build());
  }

  @Test
  void anImageOnTheHeapOrWithoutBytesIsRefused() {
    PhysicalMemory.Builder builder = PhysicalMemory.builder();
    MemorySegment heap = MemorySegment.ofArray(new byte[0x1000]);
    assertThrows(IllegalArgumentException.class, () -> builder.image(0, heap));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment empty = arena.allocate(8).asSlice(8);
      assertThrows(IllegalArgumentException.class, () -> builder.image(0, empty));
    }
  }

  @Test
  void regionsAreListedInAddressOrder() {
    try (PhysicalMemory memory =
        PhysicalMemory.builder().ram(0x3000, 0x1000).ram(0, 0x3000).build()) {
      assertEquals(
          List.of(new Region(0, 0x3000, false), new Region(0x3000, 0x1000, false)),
          memory.regions());
    }
  }
}
