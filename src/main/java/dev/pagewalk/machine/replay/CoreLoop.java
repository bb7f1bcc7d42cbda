package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Core;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.trace.AccessBatch;

/**
 * The accesses of one core: the loop that a replay spends its time in. An access is translated and
 * nothing else, if the machine has one node, walks have a flat price and nobody listens; nothing is
 * allocated, and no data are read or written.
 */
final class CoreLoop {
  private static final int PAGE = 4096;

  /** The kinds of a batch as those of an access code, four bits each: modify is a write. */
  private static final int KINDS = 0x1210;

  /** Faults of one access after which the kernel is taken to make no progress. */
  private static final int MOST_FAULTS = 1000;

  /** In place of a physical address: the access was refused. */
  private static final long REFUSED = -1;

  private final Core core;
  private final Mmu mmu;
  private final Watch watch;
  private final boolean plain;

  /** Of the run under way: the process, and how many page accesses were made before it. */
  private ReplayProcess process;

  private long before;
  private int first;
  private int at;
  private long crossings;

  CoreLoop(Core core, Watch watch) {
    this.core = core;
    this.mmu = core.mmu();
    this.watch = watch;
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

  /** Accesses so far that touched two pages. */
  long crossings() {
    return crossings;
  }

  /**
   * Makes the accesses of one process from {@code from} on, up to {@code to} or to the first of
   * another process, or until the process is killed.
   *
   * @return the place in the batch where the next run begins
   */
  int run(AccessBatch batch, int from, int to, ReplayProcess owner) {
    core.switchTo(owner.mm);
    core.enterUserMode();
    process = owner;
    first = from;
    at = from;
    long walks = mmu.walks();
    long words = mmu.wordsRead();
    int end = plain ? runPlain(batch, from, to) : runWatched(batch, from, to);
    owner.accesses += end - from;
    owner.walks += mmu.walks() - walks;
    owner.words += mmu.wordsRead() - words;
    before += end - from;
    first = end;
    at = end;
    return end;
  }

  /** Accesses of the trace made so far, the one under way not among them. */
  long accesses() {
    return before + (at - first);
  }

  /** Page accesses made so far, the one under way not among them. */
  long position() {
    return accesses() + crossings;
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
        at = i;
        settle(address, what, result);
        if (process.killed) {
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
      at = i;
      long address = addresses[i];
      long result = mmu.translate(address, code(what));
      if (result < 0 || crosses(address, what)) {
        settle(address, what, result);
      } else {
        watch.walked(process, address);
        watch.reached(address, what, result);
      }
      if (process.killed) {
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
    long physical = finish(address, what, result);
    if (physical == REFUSED) {
      return;
    }
    if (crosses(address, what)) {
      long second = (address | (PAGE - 1)) + 1;
      crossings++;
      finish(second, what, mmu.translate(second, code(what)));
    }
  }

  /** Has the kernel handle faults until the page is there; its physical address. */
  private long finish(long address, int what, long translated) {
    long result = translated;
    watch.walked(process, address);
    for (int faults = 0; Faults.isFault(result); faults++) {
      if (faults == MOST_FAULTS) {
        throw new IllegalStateException(
            "the kernel makes no progress on a fault at 0x%x".formatted(address));
      }
      if (!core.resolve(result) || process.killed) {
        process.refused++;
        watch.refused(core, process, address, what);
        return REFUSED;
      }
      result = mmu.translate(address, code(what));
      watch.walked(process, address);
    }
    watch.reached(address, what, result);
    return result;
  }
}
