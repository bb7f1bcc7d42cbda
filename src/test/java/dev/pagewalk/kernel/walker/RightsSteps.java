package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.MsyncFlag;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.SystemCalls;
import dev.pagewalk.kernel.VmaView;
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
      case MPROTECT -> protect(process, step, -1);
      case PKEY_MPROTECT -> protect(process, step, (int) step.d());
      case MPROTECT_GROWSDOWN -> protectStack(process, step);
      case MLOCK -> lock(process, step, false);
      case MLOCK_ON_FAULT -> lock(process, step, true);
      case MUNLOCK -> unlock(process, step);
      case MUNLOCKALL -> {
        call(calls::munlockall, 0);
        process.each(page -> setLock(page, false, false));
        process.task.locks = false;
        process.task.locksOnFault = false;
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

  private void protect(ModelProcess process, Step step, int key) {
    long end = step.a() + MapSteps.roundUp(step.b());
    int prot = (int) step.c();
    boolean hasKey = walk.setting.extras().keys() && process.task.hasKey(key);
    long expected = step.a() % 4096 != 0 ? INVALID : 0;
    if (expected == 0 && end > step.a()) {
      expected =
          key == -1 || hasKey ? mprotect(process, step.a(), end, new Change(prot, key)) : INVALID;
    }
    SystemCalls calls = process.mm.calls();
    call(
        () ->
            key == -1
                ? calls.mprotect(step.a(), step.b(), prot)
                : calls.pkeyMprotect(step.a(), step.b(), prot, key),
        expected);
  }

  /** From the start of the mapping that the range begins in or before. */
  private void protectStack(ModelProcess process, Step step) {
    long end = step.a() + MapSteps.roundUp(step.b());
    int prot = (int) step.c();
    long expected = step.a() % 4096 != 0 ? INVALID : 0;
    if (expected == 0 && end > step.a()) {
      long first = process.nextMapped(step.a());
      VmaView vma = first < 0 ? null : process.vma(first);
      if (vma == null || vma.start() >= end) {
        expected = NO_MEMORY;
      } else if (process.at(first) == null || !process.at(first).growsDown) {
        expected = INVALID;
      } else {
        expected = mprotect(process, vma.start(), end, new Change(prot, -1));
        walk.adopt(process, vma.start(), end);
      }
    }
    call(() -> process.mm.calls().mprotect(step.a(), step.b(), prot | Prot.GROWSDOWN), expected);
  }

  /** New rights, and a new key; -1 leaves it. */
  private record Change(int prot, int key) {}

  /** Changes what lies before the first gap or refusal, as the kernel does. */
  private long mprotect(ModelProcess process, long start, long end, Change change) {
    long at = start;
    for (VmaView vma : process.mm.view()) {
      if (vma.end() <= start || vma.start() >= end) {
        continue;
      }
      if (vma.start() > at) {
        return NO_MEMORY;
      }
      long to = Math.min(vma.end(), end);
      ModelPage old = process.at(at);
      ModelPage changed = old.sibling(0);
      int prot = change.prot();
      boolean keys = walk.setting.extras().keys();
      changed.key = change.key() == -1 ? process.task.keyAfter(old, prot, keys) : change.key();
      changed.prot = prot;
      long refusal = refusal(process, old, changed, (to - at) >>> 12);
      if (refusal < 0) {
        return refusal;
      }
      process.each(
          at,
          to,
          page -> {
            page.prot = prot;
            page.key = changed.key;
          });
      at = to;
    }
    return at < end ? NO_MEMORY : 0;
  }

  private static long refusal(ModelProcess process, ModelPage old, ModelPage changed, long pages) {
    if (old.neverWritable && changed.may(Prot.WRITE)) {
      return Errno.EACCES.result();
    }
    if (old.sealed) {
      return Errno.EPERM.result();
    }
    boolean grows = changed.may(Prot.WRITE) && (old.prot != changed.prot || old.key != changed.key);
    return grows && !process.mayExpand(changed, pages) && process.mayExpand(old, pages)
        ? NO_MEMORY
        : 0;
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
      if (gap || (!onFault && !comes(process, page))) {
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

  private static boolean comes(ModelProcess process, ModelPage page) {
    return page.prot != 0 && page.canBeHad() && process.allows(page, page.isWritablePrivate());
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
