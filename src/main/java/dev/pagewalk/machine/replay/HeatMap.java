package dev.pagewalk.machine.replay;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often which pages were accessed when: a table of counts whose columns are equal parts of time
 * and whose rows are groups of neighbouring pages. It stays small: when there are too many columns,
 * each two become one; when there are too many rows, each two neighbours do.
 */
public final class HeatMap {
  /** Columns, at most. */
  public static final int COLUMNS = 128;

  /** Rows, at most. */
  public static final int ROWS = 96;

  private final TreeMap<Long, int[]> rows = new TreeMap<>();
  private long accesses;
  private long perColumn = 1;
  private int shift;
  private long latestKey = -1;
  private int[] latest;

  /** An empty map. */
  public HeatMap() {}

  /** A page is accessed. */
  public void accessed(int process, long address) {
    long column = accesses++ / perColumn;
    if (column == COLUMNS) {
      halveColumns();
      column = COLUMNS / 2;
    }
    long key = PageKey.of(process, address) >>> shift;
    if (key != latestKey) {
      latest = rows.computeIfAbsent(key, absent -> new int[COLUMNS]);
      latestKey = key;
      if (rows.size() > ROWS) {
        halveRows();
        latestKey = PageKey.of(process, address) >>> shift;
        latest = rows.get(latestKey);
      }
    }
    latest[(int) column]++;
  }

  private void halveColumns() {
    for (int[] row : rows.values()) {
      for (int i = 0; i < COLUMNS; i++) {
        int pair = 2 * i < COLUMNS ? row[2 * i] + row[2 * i + 1] : 0;
        row[i] = pair;
      }
    }
    perColumn *= 2;
  }

  private void halveRows() {
    while (rows.size() > ROWS) {
      shift++;
      TreeMap<Long, int[]> merged = new TreeMap<>();
      for (Map.Entry<Long, int[]> row : rows.entrySet()) {
        int[] into = merged.putIfAbsent(row.getKey() >>> 1, row.getValue());
        for (int i = 0; into != null && i < COLUMNS; i++) {
          into[i] += row.getValue()[i];
        }
      }
      rows.clear();
      rows.putAll(merged);
    }
  }

  /** Page accesses that a column stands for. */
  public long perColumn() {
    return perColumn;
  }

  /** Pages that a row stands for, 2^44 at most. */
  public long pagesPerRow() {
    return 1L << shift;
  }

  /** Columns in use. */
  public int columns() {
    return (int) Math.ceilDiv(accesses, perColumn);
  }

  /** The first page of each row, in ascending order: linear address / 4096. */
  public long[] firstPages() {
    return rows.keySet().stream().mapToLong(key -> PageKey.page(key << shift)).toArray();
  }

  /** The counts of a row, by its place in {@link #firstPages}. */
  public int[] row(int index) {
    return rows.values().stream()
        .skip(index)
        .findFirst()
        .map(row -> Arrays.copyOf(row, columns()))
        .orElseThrow();
  }
}
