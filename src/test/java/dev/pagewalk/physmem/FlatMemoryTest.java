package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Memory in one reservation of native address space. */
class FlatMemoryTest {
  @Test
  void isOneSegmentAndCostsWhatIsTouched() {
    try (PhysicalMemory memory = PhysicalMemory.builder().ram(0, 64L << 30).flat().build()) {
      memory.write64(0x12345678L << 3, 5);
      assertEquals(5, memory.flat().orElseThrow().get(NativeMemory.LONG, 0x12345678L << 3));
      assertEquals(4096, memory.residentBytes());
      memory.clear();
      assertEquals(0, memory.residentBytes());
    }
  }
}
