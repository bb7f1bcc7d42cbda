package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which byte of a value is at which address. */
@ParameterizedClass
@EnumSource
class MemoryLayoutTest {
  private static final long VALUE = 0x8877_6655_4433_2211L;
  private final PhysicalMemory memory;

  MemoryLayoutTest(MemoryForm form) {
    memory = form.ofSize(1 << 20);
  }

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void theLowestByteOfEveryWidthIsAtTheLowestAddress() {
    memory.write64(0x1000, VALUE);
    memory.write32(0x2000, 0x8877_6655);
    memory.write16(0x3000, 0x8877);
    memory.write8(0x4000, 0x88);
    assertEquals("1122334455667788", bytes(0x1000, 8));
    assertEquals("55667788", bytes(0x2000, 4));
    assertEquals("7788", bytes(0x3000, 2));
    assertEquals("88", bytes(0x4000, 1));
  }

  @Test
  void everyWidthReadsBackUnsignedAsFarAsItsTypeHasRoom() {
    memory.write64(0x1000, -1);
    assertEquals(0xff, memory.read8(0x1000));
    assertEquals(0xffff, memory.read16(0x1000));
    assertEquals(-1, memory.read32(0x1000));
    assertEquals(-1L, memory.read64(0x1000));
  }

  @Test
  void aNarrowWriteLeavesItsNeighboursAlone() {
    memory.write64(0x1000, VALUE);
    memory.write8(0x1001, 0x1ff);
    memory.write16(0x1002, 0x5_abcd);
    memory.write32(0x1004, 0x0102_0304);
    assertEquals(0x0102_0304_abcd_ff11L, memory.read64(0x1000));
  }

  @Test
  void everyWidthWorksAtEveryOffsetAlsoAcrossAFrameBoundary() {
    for (long pa = 0x5ff0; pa <= 0x6008; pa++) {
      memory.write64(pa, VALUE);
      assertEquals(VALUE, memory.read64(pa));
      assertEquals("00" + "1122334455667788" + "00", bytes(pa - 1, 10));
      memory.write32(pa + 4, 0x1234_5678);
      assertEquals(0x1234_5678, memory.read32(pa + 4));
      memory.write16(pa + 2, 0xfedc);
      assertEquals(0xfedc, memory.read16(pa + 2));
      memory.write8(pa, 0x99);
      assertEquals(0x99, memory.read8(pa));
      assertEquals(0x1234_5678_fedc_2299L, memory.read64(pa));
      memory.write64(pa, 0);
    }
  }

  private String bytes(long pa, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("%02x".formatted(memory.read8(pa + i)));
    }
    return text.toString();
  }
}
