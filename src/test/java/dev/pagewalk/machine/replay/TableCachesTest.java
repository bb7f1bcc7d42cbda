package dev.pagewalk.machine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.machine.CostFile;
import dev.pagewalk.machine.CostFile.Cache;
import dev.pagewalk.machine.CostFile.Figure;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where table words are found, against caches that are lists. */
class TableCachesTest {
  private static final int LINE = 64;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(8 << 20);

  @ParameterizedTest
  @CsvSource({"1,1,1,2", "2,4,8,16", "4,2,4,3", "16,8,64,16"})
  void wordsAreFoundWhereListsFindThem(int sets, int ways, int moreSets, int moreWays) {
    List<Cache> caches = List.of(cache("A", sets, ways), cache("B", moreSets, moreWays));
    TableCaches tables = new TableCaches(memory, caches);
    ListCache[] lists = {new ListCache(sets, ways), new ListCache(moreSets, moreWays)};
    long[] found = new long[3];
    Random random = new Random(sets);
    for (int i = 0; i < 20_000; i++) {
      // A root whose entries are none: each walk reads one word of it.
      long root = (long) random.nextInt(random.nextBoolean() ? 4 : 40) << 12;
      long address = (long) random.nextInt(16) << (39 + 3);
      tables.walked(root, address, 1);
      long line = (root + (address >>> 39) * 8) / LINE;
      int place = 0;
      while (place < 2 && !lists[place].use(line)) {
        place++;
      }
      found[place]++;
    }
    for (int place = 0; place < 3; place++) {
      assertEquals(found[place], tables.found(place));
    }
  }

  @Test
  void theLastWordsOfTheWayAreThoseThatWereRead() {
    // A whole way of tables, one frame each.
    for (int level = 0; level < 3; level++) {
      memory.write64(0x10000 + 0x1000L * level, (0x11000 + 0x1000L * level) | Entry.P);
    }
    memory.write64(0x13000, 0x20000 | Entry.P);
    TableCaches tables = new TableCaches(memory, List.of(cache("A", 16, 8)));
    tables.walked(0x10000, 0, 1);
    assertEquals(1, tables.found(1), "the page table's");
    tables.walked(0x10000, 0, 4);
    assertEquals(1, tables.found(0), "the page table's again");
    assertEquals(4, tables.found(1), "and three new ones");
    tables.walked(0x10000, 0, 9);
    assertEquals(10, tables.found(0), "words read twice count as many times");
  }

  private static Cache cache(String name, int sets, int ways) {
    return new Cache(name, sets, ways, new Figure(4L, CostFile.Unit.CYCLES, "a test"));
  }

  /** A cache as lists of lines, the most recently used first. */
  private static final class ListCache {
    private final List<List<Long>> sets = new ArrayList<>();
    private final int ways;

    ListCache(int count, int ways) {
      this.ways = ways;
      for (int i = 0; i < count; i++) {
        sets.add(new ArrayList<>());
      }
    }

    boolean use(long line) {
      List<Long> set = sets.get((int) (line % sets.size()));
      boolean found = set.remove(line);
      set.addFirst(line);
      if (set.size() > ways) {
        set.removeLast();
      }
      return found;
    }
  }
}
