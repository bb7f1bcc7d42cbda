package dev.pagewalk.bench;

import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Mmu;

/**
 * The accesses of a {@link Workload}, in the order of limit.c, and the timed loops over them.
 *
 * <p>The loops are limit.c's, line by line, one for neighbours and one for scattered pages. Each
 * loop has one place that calls the MMU: whoever sends several MMUs through it measures virtual
 * calls.
 */
final class Traffic {
  private final Workload workload;
  private final long pages;

  /** A variable as in limit.c; a constant the compiler would add to each address twice. */
  private final long base;

  private long rng = Workload.SEED;

  Traffic(Workload workload) {
    this.workload = workload;
    this.pages = workload.pages;
    this.base = Workload.BASE;
  }

  /** Starts anew from the first access. */
  void restart() {
    rng = Workload.SEED;
  }

  /** Makes the next {@code count} accesses; the sum of what comes out. */
  long run(Mmu mmu, int count) {
    return workload.scattered ? scattered(mmu, count) : neighbours(mmu, count);
  }

  /** The same through the line-by-line translation of limit.c. */
  long run(LimitPort port, int count) {
    long sum = 0;
    for (int k = 0; k < count; k++) {
      rng = Workload.next(rng);
      long x = Workload.drawn(rng);
      long page = ((x >>> 32) * pages) >>> 32;
      long start = workload.scattered ? Workload.scatter(page) : Workload.BASE + (page << 12);
      sum += port.translate(start + (x & 0xff8), ((x >>> 20) & 3) == 0);
    }
    return sum;
  }

  private long neighbours(Mmu mmu, int count) {
    long size = pages;
    long start = base;
    long state = rng;
    long sum = 0;
    for (int k = 0; k < count; k++) {
      state = Workload.next(state);
      long x = Workload.drawn(state);
      long va = start + ((((x >>> 32) * size) >>> 32) << 12) + (x & 0xff8);
      sum += mmu.translate(va, access(x));
    }
    rng = state;
    return sum;
  }

  private long scattered(Mmu mmu, int count) {
    long size = pages;
    long state = rng;
    long sum = 0;
    for (int k = 0; k < count; k++) {
      state = Workload.next(state);
      long x = Workload.drawn(state);
      long va = Workload.scatter(((x >>> 32) * size) >>> 32) + (x & 0xff8);
      sum += mmu.translate(va, access(x));
    }
    rng = state;
    return sum;
  }

  /** A write if bits 21:20 of {@code x} are 0, else a read, chosen without a branch. */
  private static int access(long x) {
    return AccessCode.USER_READ + (int) ((((x >>> 20) & 3) - 1) >>> 63);
  }
}
