package dev.pagewalk.machine.tables;

import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks every page table of the comparison for the same accesses: those of a trace that a small TLB
 * misses.
 */
public final class TableComparison {
  private static final int PAGE_SHIFT = 12;

  /** Page number bits of a 57-bit address: what a table can tell apart. */
  private static final long PAGE_MASK = (1L << 45) - 1;

  private final SmallTlb tlb;
  private final List<PageTable> tables = new ArrayList<>();
  private final long[] words;
  private final long[] walks;
  private final long[] misses;
  private final int[] most;
  private long accesses;

  /**
   * A comparison of radix trees of 1 to 5 levels, two hashed tables and an inverted one.
   *
   * @param tlbEntries of the TLB before them: 4 times a power of two, or 0, so that each access
   *     walks
   * @param frames of main memory, a power of two from 4 to 2^26, for the tables whose size goes by
   *     it
   * @throws IllegalArgumentException if one of them is not so
   */
  public TableComparison(int tlbEntries, long frames) {
    if (frames < 4 || frames > 1L << 26 || Long.bitCount(frames) != 1) {
      throw new IllegalArgumentException(
          "expected a power of two from 4 to 2^26, not " + frames + " frames");
    }
    tlb = new SmallTlb(tlbEntries);
    for (int levels = 1; levels <= 5; levels++) {
      tables.add(new RadixTable(levels));
    }
    tables.add(new ChainedTable());
    tables.add(new GroupedTable(frames));
    tables.add(new InvertedTable(frames));
    words = new long[tables.size()];
    walks = new long[tables.size()];
    misses = new long[tables.size()];
    most = new int[tables.size()];
  }

  /**
   * Makes all accesses of a trace. One that crosses pages touches each of them.
   *
   * @throws IOException if the trace cannot be read
   */
  public void run(TraceReader trace) throws IOException {
    AccessBatch batch = new AccessBatch();
    while (trace.read(batch)) {
      for (int i = 0; i < batch.size; i++) {
        int what = batch.what[i];
        long first = batch.address[i] >>> PAGE_SHIFT;
        long last = (batch.address[i] + AccessBatch.bytes(what) - 1) >>> PAGE_SHIFT;
        access(AccessBatch.process(what), first & PAGE_MASK);
        if (last != first) {
          access(AccessBatch.process(what), last & PAGE_MASK);
        }
      }
    }
  }

  private void access(int process, long page) {
    accesses++;
    if (tlb.hits(process, page)) {
      return;
    }
    for (int i = 0; i < words.length; i++) {
      PageTable table = tables.get(i);
      int read = table.walk(process, page);
      if (table.missed()) {
        misses[i]++;
      } else {
        walks[i]++;
        words[i] += read;
        most[i] = Math.max(most[i], read);
      }
    }
  }

  /** Accesses so far; one that crosses a page counts twice. */
  public long accesses() {
    return accesses;
  }

  /**
   * What a table read and weighs.
   *
   * @param name of the table
   * @param shape in a few words
   * @param walks that found their page
   * @param misses walks that did not: first uses, and pages that the table had lost
   * @param words read by the walks that found their page, 8 bytes each
   * @param mostWords the most that one of them read
   * @param bytes of all tables at the end
   */
  public record Row(
      String name, String shape, long walks, long misses, long words, int mostWords, long bytes) {
    /** Words read by a walk, on average; 0 without walks. */
    public double wordsPerWalk() {
      return walks == 0 ? 0 : (double) words / walks;
    }
  }

  /** A row for each table. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      PageTable table = tables.get(i);
      rows.add(
          new Row(
              table.name(), table.shape(), walks[i], misses[i], words[i], most[i], table.bytes()));
    }
    return rows;
  }
}
