package dev.pagewalk.machine.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A radix tree reads a word a level, and has the tables that a tree of maps has. */
final class RadixTableTest {
  private static final int PAGE = 4096;

  /** A tree written down as what it is: maps in maps. */
  private static final class Naive {
    private final int levels;
    private final int bits;
    private final Map<Integer, Map<Long, Object>> roots = new HashMap<>();
    private int tables;

    Naive(int levels) {
      this.levels = levels;
      this.bits = (levels == 5 ? 45 : 36) / levels;
    }

    @SuppressWarnings("unchecked")
    int walk(int process, long page) {
      Map<Long, Object> table = roots.get(process);
      if (table == null) {
        table = table();
        roots.put(process, table);
      }
      int words = 0;
      boolean gone = false;
      for (int level = levels - 1; level >= 0; level--) {
        long index = (page >>> (level * bits)) & ((1L << bits) - 1);
        words += gone ? 0 : 1;
        Object entry = table.get(index);
        if (entry == null) {
          gone = true;
          entry = level == 0 ? "page" : table();
          table.put(index, entry);
        }
        if (level > 0) {
          table = (Map<Long, Object>) entry;
        }
      }
      return words;
    }

    private Map<Long, Object> table() {
      tables++;
      return new HashMap<>();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void itReadsAndWeighsWhatATreeOfMapsDoes(int levels) {
    RadixTable table = new RadixTable(levels);
    Naive naive = new Naive(levels);
    long tableBytes = Math.max(PAGE, 8L << naive.bits);
    SplittableRandom random = new SplittableRandom(levels);
    for (int i = 0; i < 50_000; i++) {
      // Near neighbours, and pages all over the address space.
      long page = random.nextLong(1L << (random.nextBoolean() ? 12 : 36));
      int process = random.nextInt(3);
      assertEquals(naive.walk(process, page), table.walk(process, page), "words of walk " + i);
      assertEquals(naive.tables * tableBytes, table.bytes(), "bytes after walk " + i);
    }
  }

  @Test
  void aTableOfOneLevelHas512GiB() {
    RadixTable table = new RadixTable(1);
    assertEquals(1, table.walk(0, 5));
    assertTrue(table.missed());
    assertEquals(1, table.walk(0, 5));
    assertFalse(table.missed());
    assertEquals(512L << 30, table.bytes());
  }

  @Test
  void fourLevelsAreThoseOfTheProcessor() {
    RadixTable table = new RadixTable(4);
    for (long page = 0; page < 1024; page++) {
      table.walk(0, page);
    }
    // PML4, PDPT, PD, and two PTs.
    assertEquals(5 * PAGE, table.bytes());
    assertEquals(4, table.walk(0, 1023));
  }

  @Test
  void pagesThatFiveLevelsTellApartAreOneToFour() {
    RadixTable four = new RadixTable(4);
    four.walk(0, 1);
    four.walk(0, 1 + (1L << 36));
    assertFalse(four.missed());
    RadixTable five = new RadixTable(5);
    five.walk(0, 1);
    five.walk(0, 1 + (1L << 36));
    assertTrue(five.missed());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void otherNumbersOfLevelsAreRefused(int levels) {
    assertThrows(IllegalArgumentException.class, () -> new RadixTable(levels));
  }
}
