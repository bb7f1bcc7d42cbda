package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Field;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Entries are told as Linux's own headers lay them out. */
class LinuxEntryTest {
  @Test
  void aSwapEntryHasItsTypeOnTopAndItsInvertedSlotBelow() {
    assertEquals("63:59", position(LinuxEntry.SWAP, "type"));
    assertEquals("58:9", position(LinuxEntry.SWAP, "offset"));
    assertEquals("3", position(LinuxEntry.SWAP, "exclusive"));
    // Area 2, slot 5: ~5 in bits 58:9.
    long entry = 2L << 59 | (~5L & (1L << 50) - 1) << 9;
    assertEquals("in swap, slot 0x5 of area 2", LinuxEntry.describe(entry));
    assertEquals("in swap, slot 0x5 of area 2, exclusive", LinuxEntry.describe(entry | 8));
  }

  @Test
  void markersAreSwapEntriesOfTheLastType() {
    long all = (1L << 50) - 1;
    assertEquals("guard page", LinuxEntry.describe(31L << 59 | (~4L & all) << 9));
    assertEquals("marker 0x2", LinuxEntry.describe(31L << 59 | (~2L & all) << 9));
  }

  @Test
  void aFrameUnderProtNoneIsInvertedAndStillThere() {
    long entry = (~0x12345000L & 0x000f_ffff_ffff_f000L) | 0x120;
    assertEquals("frame 0x12345, hidden by PROT_NONE, clean, young", LinuxEntry.describe(entry));
  }

  @Test
  void whatIsReadOnlyKeepsItsDirtyStateInBit58() {
    assertEquals("58", position(LinuxEntry.PRESENT, "saved dirty"));
    assertEquals(
        "frame 0x12345, read-only, dirty, young",
        LinuxEntry.describe(1L << 58 | 0x12345000L | 0x25));
    assertEquals("frame 0x12345, writable, clean, old, special", LinuxEntry.describe(0x12345207L));
  }

  @Test
  void theProcessorsSlipsOfAAndDMakeNoEntry() {
    assertEquals("nothing", LinuxEntry.describe(0));
    assertEquals("nothing", LinuxEntry.describe(0x60));
  }

  @Test
  void theExamplesAreOfDifferentKinds() {
    var kinds = new TreeSet<String>();
    LinuxEntry.examples().forEach(entry -> kinds.add(LinuxEntry.describe(entry)));
    assertEquals(LinuxEntry.examples().size(), kinds.size());
    assertTrue(kinds.contains("guard page"));
  }

  private static String position(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow()
        .position();
  }
}
