package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A summary counts what there is. */
final class TraceSummaryTest {
  @Test
  void pagesAreCountedForEachProcess() {
    TraceSummary summary = new TraceSummary();
    List<Set<Long>> pages = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
    Random random = new Random(3);
    AccessBatch batch = new AccessBatch();
    long crossing = 0;
    for (int round = 0; round < 5; round++) {
      batch.size = 0;
      while (!batch.isFull()) {
        long address = random.nextLong() >>> random.nextInt(64);
        int bytes = 1 + random.nextInt(64);
        int process = random.nextInt(3);
        batch.add(address, AccessBatch.what(0, bytes, process));
        pages.get(process).add(address >>> 12);
        pages.get(process).add((address + bytes - 1) >>> 12);
        crossing += address >>> 12 == (address + bytes - 1) >>> 12 ? 0 : 1;
      }
      summary.add(batch);
    }
    for (int process = 0; process < 3; process++) {
      assertEquals(pages.get(process).size(), summary.pages(process));
    }
    assertEquals(crossing, summary.crossing());
    assertEquals(5 * AccessBatch.CAPACITY, summary.accesses());
    assertEquals(3, summary.processes());
  }

  @Test
  void addressesCompareUnsigned() {
    TraceSummary summary = new TraceSummary();
    AccessBatch batch = new AccessBatch();
    batch.add(0xffff_8000_0000_0000L, AccessBatch.what(1, 8, 0));
    batch.add(0x7fff_0000_0000L, AccessBatch.what(1, 8, 0));
    summary.add(batch);
    assertEquals(0x7fff_0000_0000L, summary.lowest());
    assertEquals(0xffff_8000_0000_0007L, summary.highest());
  }
}
