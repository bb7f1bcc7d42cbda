package dev.pagewalk.mmu.races;

import dev.pagewalk.arch.Entry;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * The thread that changes the tables: it gives entries their next version and clears A and D, and
 * sees each time that nothing it wrote has been undone.
 */
final class Kernel implements Callable<Long> {
  private final SharedTables tables;
  private final SplittableRandom random;
  private final CountDownLatch working = new CountDownLatch(1);
  private volatile boolean stopped;

  Kernel(SharedTables tables, long seed) {
    this.tables = tables;
    this.random = new SplittableRandom(seed);
  }

  /** Waits until the thread has begun to change entries, or has failed. */
  void awaitFirstChange() throws InterruptedException {
    working.await();
  }

  /** Ends the thread's work. */
  void stop() {
    stopped = true;
  }

  /** Works until it is stopped; the number of changes. */
  @Override
  public Long call() {
    try {
      return work();
    } finally {
      working.countDown();
    }
  }

  private long work() {
    List<VersionedEntry> entries = tables.entries();
    long changes = 0;
    while (!stopped) {
      VersionedEntry entry = entries.get(random.nextInt(entries.size()));
      // Several changes of one entry in a row: a walk that has read it may well be too late.
      for (int burst = random.nextInt(1, 8); burst > 0; burst--) {
        switch (random.nextInt(4)) {
          case 0 -> entry.clear(Entry.A);
          case 1 -> entry.clear(Entry.A | Entry.D);
          default -> entry.change();
        }
        changes++;
      }
      working.countDown();
    }
    return changes;
  }
}
