package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.MbindRequest;
import dev.pagewalk.kernel.Mempolicy;
import dev.pagewalk.kernel.MlockallFlag;
import dev.pagewalk.kernel.ProcFiles;
import dev.pagewalk.kernel.Rlimit;
import dev.pagewalk.kernel.SystemCalls;
import dev.pagewalk.kernel.VmaView;

/** What concerns a process as a whole: limits, keys, policies, locks, groups, /proc. */
final class TaskSteps {
  private static final long INVALID = Errno.EINVAL.result();

  private final Walk walk;
  private ModelProcess process;
  private ModelTask task;

  TaskSteps(Walk walk) {
    this.walk = walk;
  }

  /** False if this machine has no such thing. */
  boolean perform(Step step) {
    process = walk.processes[step.who()];
    task = process.task;
    walk.core(step);
    SystemCalls calls = process.mm.calls();
    switch (step.operation()) {
      case SETRLIMIT -> {
        Rlimit limit = Rlimit.values()[(int) step.c()];
        walk.agrees(walk.machine.call(() -> calls.setRlimit(limit, step.b())), 0);
        task.setLimit(limit, step.b());
      }
      case PKEY_ALLOC -> allocateKey(step);
      case PKEY_FREE -> {
        boolean has = walk.setting.extras().keys() && task.hasKey((int) step.c());
        long result = walk.machine.call(() -> calls.pkeyFree((int) step.c()));
        walk.agrees(result, has ? 0 : INVALID);
        task.keys &= has ? ~(1 << step.c()) : -1;
      }
      case WRPKRU -> {
        if (!walk.setting.extras().keys()) {
          return false;
        }
        walk.core(step).wrpkru(step.c());
        task.pkru = (int) step.c();
      }
      case MLOCKALL -> lockAll((int) step.c());
      case SET_MEMPOLICY -> {
        Mempolicy policy = checked(step);
        var asked = new Mempolicy((int) step.c(), step.d());
        long result = walk.machine.call(() -> calls.setMempolicy(asked));
        walk.agrees(result, policy == null ? INVALID : 0);
        task.policy = policy == null ? task.policy : policy;
      }
      case MBIND -> bind(step);
      case PROC -> proc();
      case OOM_ADJUST -> process.mm.setOomScoreAdj((int) step.c());
      default -> {
        return group(step);
      }
    }
    return true;
  }

  private void allocateKey(Step step) {
    int rights = (int) step.c();
    long expected = INVALID;
    if (walk.setting.extras().keys() && rights < 4) {
      int key = task.takeKey();
      expected = key < 0 ? Errno.ENOSPC.result() : key;
      if (key >= 0) {
        task.setRights(key, rights);
      }
    }
    walk.agrees(walk.machine.call(() -> process.mm.calls().pkeyAlloc(rights)), expected);
  }

  private void lockAll(int flags) {
    boolean invalid = flags == 0 || flags > 7 || flags == MlockallFlag.ONFAULT;
    long result = walk.machine.call(() -> process.mm.calls().mlockall(flags));
    if (!walk.agrees(result, invalid ? INVALID : 0)) {
      return;
    }
    boolean onFault = (flags & MlockallFlag.ONFAULT) != 0;
    task.locks = (flags & MlockallFlag.FUTURE) != 0;
    task.locksOnFault = task.locks && onFault;
    if ((flags & MlockallFlag.CURRENT) != 0) {
      walk.units.after(process);
      process.each(page -> {
        page.locked = true;
        page.lockedOnFault = onFault;
      });
      for (VmaView vma : process.mm.view()) {
        if (ModelProcess.covers(vma.start(), vma.end())) {
          walk.adopt(process, vma.start(), vma.end());
        }
      }
    }
  }

  // --- NUMA ---

  /** The policy that is kept, or null if it is none. */
  private Mempolicy checked(Step step) {
    int mode = (int) step.c();
    long nodes = step.d();
    long there = nodes & ((1L << walk.setting.extras().nodes()) - 1);
    return switch (mode) {
      case Mempolicy.DEFAULT, Mempolicy.LOCAL -> nodes == 0 ? new Mempolicy(mode, 0) : null;
      case Mempolicy.PREFERRED -> preferred(nodes, Long.lowestOneBit(there));
      case Mempolicy.BIND, Mempolicy.INTERLEAVE, Mempolicy.PREFERRED_MANY ->
          there == 0 ? null : new Mempolicy(mode, there);
      default -> null;
    };
  }

  private static Mempolicy preferred(long asked, long there) {
    if (asked == 0) {
      return new Mempolicy(Mempolicy.LOCAL, 0);
    }
    return there == 0 ? null : new Mempolicy(Mempolicy.PREFERRED, there);
  }

  private void bind(Step step) {
    long end = step.a() + MapSteps.roundUp(step.b());
    Mempolicy policy = checked(step);
    var asked = MbindRequest.of(new Mempolicy((int) step.c(), step.d()));
    long result = walk.machine.call(() -> process.mm.calls().mbind(step.a(), step.b(), asked));
    long expected = step.a() % 4096 != 0 || (policy == null && step.b() > 0) ? INVALID : 0;
    boolean known = step.c() >= 0 && step.c() <= Mempolicy.PREFERRED_MANY;
    expected = known ? expected : INVALID;
    if (expected == 0 && step.b() > 0) {
      boolean gap = false;
      boolean any = false;
      for (long at = step.a(); at < end; at += 4096) {
        gap |= process.at(at) == null;
        any |= process.at(at) != null;
      }
      boolean none = policy.mode() == Mempolicy.DEFAULT;
      expected = !any || (gap && !none) ? Errno.EFAULT.result() : 0;
    }
    if (walk.agrees(result, expected)) {
      process.each(
          step.a(),
          end,
          page -> {
            page.policy = policy;
            if (page.object != null && !page.object.disk) {
              page.object.setPolicy(page.index, policy);
            }
          });
    }
  }

  // --- looking, and groups ---

  private void proc() {
    ProcFiles files = process.mm.proc();
    long pages = 0;
    for (VmaView vma : process.mm.view()) {
      pages += (vma.end() - vma.start()) >>> 12;
    }
    String size = "VmSize:\t%8d kB".formatted(4 * pages);
    if (!files.status().contains(size)) {
      throw new AssertionError("no line '" + size + "' in " + files.status());
    }
    long rss = 0;
    for (String line : files.smaps().lines().toList()) {
      rss += line.startsWith("Rss:") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
    }
    long resident = process.mm.residentPages();
    if (rss != 4 * resident) {
      throw new AssertionError("smaps has %d kB, %d pages are in".formatted(rss, resident));
    }
    if (files.maps().lines().count() != process.mm.view().size()) {
      throw new AssertionError(files.maps());
    }
  }

  private boolean group(Step step) {
    if (walk.setting.pressed().isEmpty()) {
      return false;
    }
    var few = walk.kernel.rootGroup().children().getFirst();
    if (step.operation() == Operation.SET_GROUP) {
      process.mm.setGroup(step.c() == 0 ? walk.kernel.rootGroup() : few);
    } else {
      walk.machine.call(() -> {
        few.setMax(step.b());
        return 0;
      });
    }
    return true;
  }
}
