package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Core;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.trace.AccessBatch;

/**
 * The accesses of one core: the loop that a replay spends its time in. An access is translated and
 * nothing else, if there is nothing to {@link Watch}; nothing is allocated, and no data are read or
 * written.
 */
final class CoreLoop {
  private static final int PAGE = 4096;

  /** The kinds of a batch as those of an access code, four bits each: modify is a write. */
  private static final int KINDS = 0x1210;

  /** Faults of one access after which the kernel is taken to make no progress. */
  private static final int MOST_FAULTS = 1000;

  private final Core core;
  private final Mmu mmu;
  private final Watch watch;
  private final boolean plain;

  private final Clock clock;

  /** The process of the run under way. */
  private ReplayProcess process;

  CoreLoop(Core core, Watch watch) {
    this.core = core;
    this.mmu = core.mmu();
    this.watch = watch;
    this.clock = watch.clock();
    this.plain = watch.isIdle();
  }

  /** The core. */
  Core core() {
    return core;
  }

  /** What is looked at beside translations. */
  Watch watch() {
    return watch;
  }

  /**
   * Makes the accesses of one process from {@code from} on, up to {@code to} or to the first of
   * another process, or until the process is killed.
   *
   * @return the place in the batch where the next run begins
   */
  int run(AccessBatch batch, int from, int to, ReplayProcess owner) {
    if (!watch.load(owner)) {
      return from;
    }
    process = owner;
    long walks = mmu.walks();
    long words = mmu.wordsRead();
    int end = plain ? runPlain(batch, from, to) : runWatched(batch, from, to);
    clock.ended(end - from);
    owner.ran(end - from, mmu.walks() - walks, mmu.wordsRead() - words);
    return end;
  }

  /** As {@link #run}; accesses of a process that was killed are counted and not made. */
  int runOrSkip(AccessBatch batch, int from, int to, ReplayProcess owner) {
    if (!owner.isKilled()) {
      return run(batch, from, to, owner);
    }
    int i = from;
    while (i < to && AccessBatch.process(batch.what[i]) == owner.number) {
      if (crosses(batch.address[i], batch.what[i])) {
        clock.crossed();
      }
      i++;
    }
    clock.ended(i - from);
    owner.skip(i - from);
    if (watch.isInterrupted()) {
      watch.handleInterrupt();
    }
    return i;
  }

  private int runPlain(AccessBatch batch, int from, int to) {
    long[] addresses = batch.address;
    int[] whats = batch.what;
    int number = process.number;
    for (int i = from; i < to; i++) {
      int what = whats[i];
      if (AccessBatch.process(what) != number) {
        return i;
      }
      long address = addresses[i];
      long result = mmu.translate(address, code(what));
      if (result < 0 || crosses(address, what)) {
        clock.at(i - from);
        settle(address, what, result);
        if (process.isKilled()) {
          return i + 1;
        }
      }
    }
    return to;
  }

  private int runWatched(AccessBatch batch, int from, int to) {
    long[] addresses = batch.address;
    int[] whats = batch.what;
    int number = process.number;
    for (int i = from; i < to; i++) {
      int what = whats[i];
      if (AccessBatch.process(what) != number) {
        return i;
      }
      clock.at(i - from);
      long address = addresses[i];
      long result = mmu.translate(address, code(what));
      if (result < 0 || crosses(address, what)) {
        settle(address, what, result);
      } else {
        watch.walked(process, address);
        watch.reached(address, what, result);
      }
      if (watch.isInterrupted()) {
        watch.handleInterrupt();
      }
      if (process.isKilled()) {
        return i + 1;
      }
    }
    return to;
  }

  /** The access code of a packed word. */
  private static int code(int what) {
    return AccessCode.USER_READ + ((KINDS >>> (4 * AccessBatch.kind(what))) & 3);
  }

  private static boolean crosses(long address, int what) {
    return (address & (PAGE - 1)) + AccessBatch.bytes(what) > PAGE;
  }

  /** Goes on with an access that faulted, or touches two pages. */
  private void settle(long address, int what, long result) {
    boolean reached = finish(address, what, result);
    if (crosses(address, what)) {
      clock.crossed();
      if (reached) {
        long second = (address | (PAGE - 1)) + 1;
        finish(second, what, mmu.translate(second, code(what)));
      }
    }
  }

  /** Has the kernel handle faults until the page is there; false if the access is refused. */
  private boolean finish(long address, int what, long translated) {
    long result = translated;
    watch.walked(process, address);
    for (int faults = 0; Faults.isFault(result); faults++) {
      if (faults == MOST_FAULTS) {
        throw new IllegalStateException(
            "the kernel makes no progress on a fault at 0x%x".formatted(address));
      }
      if (!core.resolve(result) || process.isKilled()) {
        watch.refused(process, address, what);
        return false;
      }
      result = mmu.translate(address, code(what));
      watch.walked(process, address);
    }
    watch.reached(address, what, result);
    return true;
  }
}
