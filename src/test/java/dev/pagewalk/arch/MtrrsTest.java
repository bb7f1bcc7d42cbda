package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which memory type the MTRRs give a physical address. */
class MtrrsTest {
  private static final int WIDTH = 46;
  private static final List<Long> NO_FIXED = Collections.nCopies(11, 0L);
  private static final long ENABLED = Mtrrs.E | 6;

  @ParameterizedTest
  @ValueSource(longs = {0, 0xa0000, 0x100000, 1L << 40})
  void disabledTheyMakeAllMemoryUncacheable(long pa) {
    VariableRange all = VariableRange.of(MemoryType.WC, 0, 1L << 45, WIDTH);
    Mtrrs mtrrs =
        new Mtrrs(Mtrrs.FE | 6, Collections.nCopies(11, 0x0606_0606_0606_0606L), List.of(all));
    assertEquals(MemoryType.UC, mtrrs.typeAt(pa));
    assertEquals(MemoryType.UC, Mtrrs.afterReset(8).typeAt(pa));
  }

  @ParameterizedTest
  @CsvSource({"0, UC", "1, WC", "4, WT", "5, WP", "6, WB"})
  void whatNoRangeHasIsOfTheDefaultType(int encoding, MemoryType type) {
    Mtrrs mtrrs =
        new Mtrrs(
            Mtrrs.E | encoding,
            NO_FIXED,
            List.of(VariableRange.of(MemoryType.WC, 0x2000, 0x1000, WIDTH)));
    assertEquals(type, mtrrs.typeAt(0));
    assertEquals(type, mtrrs.typeAt(0x1fff));
    assertEquals(type, mtrrs.typeAt(0x3000));
    assertEquals(type, mtrrs.typeAt((1L << 52) - 1));
  }

  /** First address, bytes of each of eight parts, MSR: SDM 3A "Fixed Range MTRRs". */
  private static final long[][] FIXED_RANGES = {
    {0x00000, 0x10000, 0x250},
    {0x80000, 0x4000, 0x258},
    {0xa0000, 0x4000, 0x259},
    {0xc0000, 0x1000, 0x268},
    {0xc8000, 0x1000, 0x269},
    {0xd0000, 0x1000, 0x26a},
    {0xd8000, 0x1000, 0x26b},
    {0xe0000, 0x1000, 0x26c},
    {0xe8000, 0x1000, 0x26d},
    {0xf0000, 0x1000, 0x26e},
    {0xf8000, 0x1000, 0x26f},
  };

  @Test
  void everyByteOfAFixedRangeRegisterHasItsPartOfTheFirstMebibyte() {
    Mtrrs base = new Mtrrs(ENABLED | Mtrrs.FE, NO_FIXED, List.of());
    long end = 0;
    for (long[] range : FIXED_RANGES) {
      assertEquals(end, range[0]);
      end = range[0] + 8 * range[1];
      for (int i = 0; i < 8; i++) {
        Mtrrs one = base.with(range[2], 5L << (8 * i));
        long first = range[0] + i * range[1];
        long last = first + range[1] - 1;
        assertEquals(MemoryType.WP, one.typeAt(first));
        assertEquals(MemoryType.WP, one.typeAt(last));
        assertOnlyThere(one, first, last);
      }
    }
    assertEquals(1 << 20, end);
  }

  private static void assertOnlyThere(Mtrrs mtrrs, long first, long last) {
    for (int page = 0; page < 256; page++) {
      long at = page * 0x1000L;
      boolean within = Long.compareUnsigned(at - first, last - first) <= 0;
      assertEquals(within ? MemoryType.WP : MemoryType.UC, mtrrs.typeAt(at), Hex.of(at));
    }
    assertEquals(MemoryType.WB, mtrrs.typeAt(0x100000));
  }

  @Test
  void fixedRangesGoBeforeVariableOnesBelowOneMebibyteIfEnabled() {
    List<VariableRange> all = List.of(VariableRange.of(MemoryType.UC, 0, 1L << 45, WIDTH));
    List<Long> fixed = Collections.nCopies(11, 0x0404_0404_0404_0404L);
    Mtrrs enabled = new Mtrrs(ENABLED | Mtrrs.FE, fixed, all);
    Mtrrs disabled = new Mtrrs(ENABLED, fixed, all);
    assertEquals(MemoryType.WT, enabled.typeAt(0xfffff));
    assertEquals(MemoryType.UC, enabled.typeAt(0x100000));
    assertEquals(MemoryType.UC, disabled.typeAt(0xfffff));
  }

  /** Overlaps of two ranges; the last column is MODEL where the manual leaves it undefined. */
  @ParameterizedTest
  @CsvSource({
    "UC, UC, UC",
    "UC, WC, UC",
    "UC, WT, UC",
    "UC, WP, UC",
    "UC, WB, UC",
    "WC, WC, WC",
    "WT, WT, WT",
    "WP, WP, WP",
    "WB, WB, WB",
    "WT, WB, WT",
    "WC, WT, UC",
    "WC, WP, UC",
    "WC, WB, UC",
    "WT, WP, UC",
    "WP, WB, UC",
  })
  void whereTwoRangesOverlapUcWinsAndWtWinsOverWb(
      MemoryType one, MemoryType other, MemoryType expected) {
    VariableRange low = VariableRange.of(one, 0x200000, 0x200000, WIDTH);
    VariableRange high = VariableRange.of(other, 0x300000, 0x100000, WIDTH);
    for (List<VariableRange> ranges : List.of(List.of(low, high), List.of(high, low))) {
      Mtrrs mtrrs = new Mtrrs(Mtrrs.E | 1, NO_FIXED, ranges);
      assertEquals(one, mtrrs.typeAt(0x2fffff));
      assertEquals(expected, mtrrs.typeAt(0x300000));
      assertEquals(expected, mtrrs.typeAt(0x3fffff));
      assertEquals(MemoryType.WC, mtrrs.typeAt(0x400000));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WB, WT, UC, UC",
    "UC, WB, WT, UC",
    "WT, WB, WB, WT",
    "WB, WB, WT, WT",
    "WC, WC, WC, WC"
  })
  void threeRangesOverlapAsTwoDo(
      MemoryType one, MemoryType two, MemoryType three, MemoryType expected) {
    List<VariableRange> ranges = new ArrayList<>();
    for (MemoryType type : List.of(one, two, three)) {
      ranges.add(VariableRange.of(type, 0, 0x10000, WIDTH));
    }
    assertEquals(expected, new Mtrrs(ENABLED, NO_FIXED, ranges).typeAt(0xffff));
    assertEquals(MemoryType.WB, new Mtrrs(ENABLED, NO_FIXED, ranges).typeAt(0x10000));
  }

  @Test
  void aRangeThatIsNotValidHasNoAddress() {
    VariableRange range = new VariableRange(0x100000, 0xfff00000L);
    assertFalse(range.contains(0x100000));
    assertTrue(new VariableRange(0x100000, 0xfff00800L).contains(0x100000));
  }

  /** SDM 3A "Example Base and Mask Calculations": 36 bits, 64 to 96 MiB and 0 to 64 MiB. */
  @Test
  void baseAndMaskAreWhatTheManualsExampleHas() {
    assertEquals(
        new VariableRange(0x0400_0006L, 0xf_fe00_0800L),
        VariableRange.of(MemoryType.WB, 0x0400_0000L, 0x200_0000L, 36));
    assertEquals(
        new VariableRange(0x0000_0006L, 0xf_fc00_0800L),
        VariableRange.of(MemoryType.WB, 0, 0x400_0000L, 36));
  }

  @Test
  void aMaskWithGapsGivesARangeWithGaps() {
    VariableRange odd = new VariableRange(0x1000 | 1, 0x1000 | VariableRange.VALID);
    assertTrue(odd.contains(0x1000));
    assertFalse(odd.contains(0x2000));
    assertTrue(odd.contains(0x3fff));
    assertEquals(MemoryType.WC, odd.type());
  }

  @Test
  void aRangeIsAPowerOfTwoAndAligned() {
    assertRefused(0, 0x3000);
    assertRefused(0x1000, 0x2000);
    assertRefused(0, 0x800);
    assertRefused(0, 0);
    assertRefused(0, Long.MIN_VALUE);
  }

  private static void assertRefused(long start, long bytes) {
    assertThrows(
        IllegalArgumentException.class, () -> VariableRange.of(MemoryType.WB, start, bytes, WIDTH));
  }

  @Test
  void whatNoProcessorHoldsCannotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> new Mtrrs(7, NO_FIXED, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Mtrrs(1L << 8, NO_FIXED, List.of()));
    List<Long> ten = NO_FIXED.subList(0, 10);
    assertThrows(IllegalArgumentException.class, () -> new Mtrrs(0, ten, List.of()));
    List<Long> reserved = Collections.nCopies(11, 0x0200L);
    assertThrows(IllegalArgumentException.class, () -> new Mtrrs(0, reserved, List.of()));
    assertThrows(IllegalArgumentException.class, () -> Mtrrs.afterReset(41));
    assertThrows(IllegalArgumentException.class, () -> new VariableRange(2, 0));
    assertThrows(IllegalArgumentException.class, () -> new VariableRange(0, 1L << 52));
  }

  @Test
  void thereAreAtMost40VariableRanges() {
    assertEquals(40, Mtrrs.afterReset(40).variable().size());
    assertEquals(MemoryType.WB, Mtrrs.writeBack(40).typeAt(0xa0000));
    assertEquals(MemoryType.WB, Mtrrs.writeBack(0).typeAt(1L << 40));
  }
}
