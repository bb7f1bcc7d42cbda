package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.MsyncFlag;
import dev.pagewalk.kernel.SystemCalls;
import java.util.function.LongSupplier;

/** mprotect, the mlock family, mincore, msync and mseal. */
final class RightsSteps {
  private static final long NO_MEMORY = Errno.ENOMEM.result();
  private static final long INVALID = Errno.EINVAL.result();

  private final Walk walk;

  RightsSteps(Walk walk) {
    this.walk = walk;
  }

  void perform(Step step) {
    ModelProcess process = walk.processes[step.who()];
    SystemCalls calls = process.mm.calls();
    long start = step.a();
    long end = start + MapSteps.roundUp(step.b());
    walk.core(step);
    switch (step.operation()) {
      case MPROTECT ->
          call(
              () -> calls.mprotect(start, step.b(), (int) step.c()),
              start % 4096 != 0 ? INVALID : mprotect(process, start, end, (int) step.c()));
      case MLOCK -> lock(process, step, false);
      case MLOCK_ON_FAULT -> lock(process, step, true);
      case MUNLOCK -> unlock(process, step);
      case MUNLOCKALL -> {
        call(calls::munlockall, 0);
        process.each(page -> setLock(page, false, false));
      }
      case MINCORE -> mincore(process, step);
      case MSYNC ->
          call(
              () -> calls.msync(start, step.b(), (int) step.c()),
              start % 4096 != 0 ? INVALID : msync(process, start, end, (int) step.c()));
      case MSEAL ->
          call(
              () -> calls.mseal(start, step.b()),
              start % 4096 != 0 ? INVALID : mseal(process, start, end));
      default -> throw new IllegalArgumentException(step.toString());
    }
    walk.adopt(process, start, end);
  }

  private void call(LongSupplier call, long expected) {
    walk.agrees(walk.machine.call(call), expected);
  }

  /** Changes what lies before the first gap or seal, as the kernel does. */
  private static long mprotect(ModelProcess process, long start, long end, int prot) {
    for (long at = start; at < end; at += 4096) {
      ModelPage page = process.at(at);
      if (page == null) {
        return NO_MEMORY;
      }
      if (page.sealed) {
        return Errno.EPERM.result();
      }
      page.prot = prot;
    }
    return 0;
  }

  private static void setLock(ModelPage page, boolean locked, boolean onFault) {
    page.locked = locked;
    page.lockedOnFault = onFault;
  }

  private void lock(ModelProcess process, Step step, boolean onFault) {
    long start = step.a() & -4096;
    long end = MapSteps.roundUp(step.a() + step.b());
    long expected = 0;
    boolean gap = false;
    for (long at = start; at < end && !gap; at += 4096) {
      ModelPage page = process.at(at);
      gap = page == null;
      if (gap || (!onFault && (page.prot == 0 || !page.canBeHad()))) {
        expected = NO_MEMORY;
      }
      if (!gap) {
        setLock(page, true, onFault);
      }
    }
    SystemCalls calls = process.mm.calls();
    LongSupplier call =
        onFault
            ? () -> calls.mlockOnFault(step.a(), step.b())
            : () -> calls.mlock(step.a(), step.b());
    call(call, expected);
    walk.adopt(process, start, end);
  }

  private void unlock(ModelProcess process, Step step) {
    long end = MapSteps.roundUp(step.a() + step.b());
    long expected = 0;
    for (long at = step.a() & -4096; at < end; at += 4096) {
      if (process.at(at) == null) {
        expected = NO_MEMORY;
        break;
      }
      setLock(process.at(at), false, false);
    }
    call(() -> process.mm.calls().munlock(step.a(), step.b()), expected);
  }

  private void mincore(ModelProcess process, Step step) {
    long end = step.a() + MapSteps.roundUp(step.b());
    byte[] vector = new byte[(int) ((end - step.a()) >> 12)];
    long expected = hasGap(process, step.a(), end) ? NO_MEMORY : 0;
    expected = step.a() % 4096 != 0 ? INVALID : expected;
    call(() -> process.mm.calls().mincore(step.a(), step.b(), vector), expected);
    for (byte page : vector) {
      if ((page & ~1) != 0) {
        throw new AssertionError("mincore gives " + page);
      }
    }
  }

  private static boolean hasGap(ModelProcess process, long start, long end) {
    for (long at = start; at < end; at += 4096) {
      if (process.at(at) == null) {
        return true;
      }
    }
    return false;
  }

  private static long msync(ModelProcess process, long start, long end, int flags) {
    int both = MsyncFlag.ASYNC | MsyncFlag.SYNC;
    if ((flags & both) == both) {
      return INVALID;
    }
    long result = 0;
    for (long at = start; at < end; at += 4096) {
      ModelPage page = process.at(at);
      if (page == null) {
        result = NO_MEMORY;
        if (flags == MsyncFlag.ASYNC) {
          return result;
        }
      } else if ((flags & MsyncFlag.INVALIDATE) != 0 && page.locked) {
        return Errno.EBUSY.result();
      }
    }
    return result;
  }

  private static long mseal(ModelProcess process, long start, long end) {
    if (hasGap(process, start, end)) {
      return NO_MEMORY;
    }
    process.each(start, end, page -> page.sealed = true);
    return 0;
  }
}
