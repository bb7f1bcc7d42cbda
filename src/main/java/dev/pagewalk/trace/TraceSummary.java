package dev.pagewalk.trace;

import java.util.Arrays;

/**
 * What is in a trace: how many accesses, of which kinds, by whom, and to how many pages of 4 KiB.
 * It takes some 32 bytes for each page that a process touches.
 */
public final class TraceSummary {
  private static final int PAGE_SHIFT = 12;
  private static final int KINDS = 4;

  private final long[] kinds = new long[KINDS];
  private PageSet[] pages = new PageSet[16];
  private long[] byProcess = new long[16];
  private int processes;
  private long crossing;
  private long lowest = -1;
  private long highest;

  /** A summary of no access. */
  public TraceSummary() {}

  /** Adds all accesses of {@code batch}. */
  public void add(AccessBatch batch) {
    for (int i = 0; i < batch.size; i++) {
      add(batch.address[i], batch.what[i]);
    }
  }

  private void add(long address, int what) {
    int process = AccessBatch.process(what);
    if (process >= processes) {
      grow(process + 1);
    }
    kinds[AccessBatch.kind(what)]++;
    byProcess[process]++;
    long page = address >>> PAGE_SHIFT;
    PageSet touched = pages[process];
    touched.add(page);
    long end = address + AccessBatch.bytes(what) - 1;
    if (end >>> PAGE_SHIFT != page) {
      crossing++;
      touched.add(end >>> PAGE_SHIFT);
    }
    lowest = Long.compareUnsigned(address, lowest) < 0 ? address : lowest;
    highest = Long.compareUnsigned(end, highest) > 0 ? end : highest;
  }

  /** All accesses. */
  public long accesses() {
    return kinds[0] + kinds[1] + kinds[2] + kinds[3];
  }

  /** Accesses of a kind, {@link AccessBatch#READ} say. */
  public long ofKind(int kind) {
    return kinds[kind];
  }

  /** Accesses whose first and last byte are in different pages. */
  public long crossing() {
    return crossing;
  }

  /** The highest number of a process plus one, whether or not all below it have accesses. */
  public int processes() {
    return processes;
  }

  /** Accesses of a process, by its number. */
  public long accesses(int process) {
    return byProcess[process];
  }

  /** Pages that a process touches, by its number. */
  public long pages(int process) {
    return pages[process].size();
  }

  /** Pages of all processes together; the same address in two processes is two pages. */
  public long pages() {
    long sum = 0;
    for (int i = 0; i < processes; i++) {
      sum += pages[i].size();
    }
    return sum;
  }

  /** The lowest address; all ones if there is no access. */
  public long lowest() {
    return lowest;
  }

  /** The highest byte accessed; 0 if there is no access. */
  public long highest() {
    return highest;
  }

  private void grow(int count) {
    if (count > pages.length) {
      int length = Math.max(count, pages.length * 2);
      pages = Arrays.copyOf(pages, length);
      byProcess = Arrays.copyOf(byProcess, length);
    }
    while (processes < count) {
      pages[processes++] = new PageSet();
    }
  }
}
