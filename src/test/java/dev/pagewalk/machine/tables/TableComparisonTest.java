package dev.pagewalk.machine.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comparison of page tables counts walks, words and bytes of one trace. */
final class TableComparisonTest {
  /** Accesses of {@code bytes} bytes each. */
  private static TraceReader trace(int bytes, long... addresses) {
    return new TraceReader() {
      private int done;

      @Override
      public boolean read(AccessBatch batch) {
        batch.size = 0;
        while (done < addresses.length && !batch.isFull()) {
          batch.add(addresses[done++], AccessBatch.what(AccessBatch.READ, bytes, 0));
        }
        return batch.size > 0;
      }

      @Override
      public void close() {}
    };
  }

  private static <T> List<T> column(
      TableComparison comparison, Function<TableComparison.Row, T> column) {
    return comparison.rows().stream().map(column).collect(Collectors.toList());
  }

  @Test
  void withoutATlbEachAccessWalks() throws IOException {
    TableComparison comparison = new TableComparison(0, 1024);
    comparison.run(trace(8, 0x1000, 0x1008, 0x2000, 0x1000));
    assertEquals(4, comparison.accesses());
    for (TableComparison.Row row : comparison.rows()) {
      assertEquals(2, row.misses(), row.name());
      assertEquals(2, row.walks(), row.name());
    }
    assertEquals(
        List.of(1.0, 2.0, 3.0, 4.0, 5.0),
        column(comparison, TableComparison.Row::wordsPerWalk).subList(0, 5));
  }

  @Test
  void theTlbKeepsItsHitsFromTheTables() throws IOException {
    TableComparison comparison = new TableComparison(4, 1024);
    comparison.run(trace(1, 0, 1, 4096, 0, 8192, 12288, 0, 16384, 4096));
    // Four entries: 4096 is the one that goes when 16384 comes.
    assertEquals(List.of(1L), column(comparison, TableComparison.Row::walks).subList(0, 1));
    assertEquals(List.of(5L), column(comparison, TableComparison.Row::misses).subList(0, 1));
  }

  @Test
  void anAccessThatCrossesAPageTouchesBoth() throws IOException {
    TableComparison comparison = new TableComparison(0, 1024);
    comparison.run(trace(2, 0x1fff));
    assertEquals(2, comparison.accesses());
    assertEquals(2, comparison.rows().getFirst().misses());
  }

  @Test
  void theTlbIsLeastRecentlyUsedInEachSet() {
    SmallTlb tlb = new SmallTlb(16);
    List<List<Long>> sets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sets.add(new ArrayList<>());
    }
    SplittableRandom random = new SplittableRandom(3);
    int hits = 0;
    for (int i = 0; i < 20_000; i++) {
      long page = random.nextLong(24);
      List<Long> set = sets.get((int) page % 4);
      boolean expected = set.remove(page);
      set.addFirst(page);
      if (set.size() > 4) {
        set.removeLast();
      }
      assertEquals(expected, tlb.hits(0, page), "access " + i);
      hits += expected ? 1 : 0;
    }
    assertTrue(hits > 10_000, "hits " + hits);
  }

  @ParameterizedTest
  @ValueSource(ints = {-4, 2, 6, 12})
  void impossibleTlbsAreRefused(int entries) {
    assertThrows(IllegalArgumentException.class, () -> new TableComparison(entries, 1024));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2, 1000, 1L << 27})
  void impossibleMemoriesAreRefused(long frames) {
    assertThrows(IllegalArgumentException.class, () -> new TableComparison(64, frames));
  }
}
