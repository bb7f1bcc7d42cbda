package dev.pagewalk.kernel;

import java.util.function.Consumer;

/**
 * Ends a process when there is no memory left, as oom_kill.c: the one whose end gives back most.
 *
 * <p>MODEL: the victim's memory is back at once; Linux waits until it has exited, or reaps it.
 */
final class OomKiller {
  private final Kernel kernel;
  private final Pressure pressure;

  OomKiller(Kernel kernel, Pressure pressure) {
    this.kernel = kernel;
    this.pressure = pressure;
  }

  /**
   * Kills a process of {@code group}, or of all if it is null.
   *
   * @return whether another one than that which asks has been ended, so that there is memory now
   */
  boolean kill(MemoryGroup group) {
    if (group != null) {
      group.count(MemoryGroup.Event.OOM);
    }
    Consumer<AddressSpace> hook = kernel.processes().oomKill();
    AddressSpace asking = pressure.current();
    AddressSpace victim = choose(group);
    if (victim == null) {
      return false;
    }
    if (hook == null && asking != null) {
      victim = asking;
    }
    kernel.folios().stat().count(VmEvent.OOM_KILL);
    victim.group().count(MemoryGroup.Event.OOM_KILL);
    victim.kill();
    if (victim == asking || hook == null) {
      return false;
    }
    AddressSpace ended = victim;
    kernel.token().spendNow();
    pressure.during(() -> hook.accept(ended));
    kernel.token().spendNow();
    return true;
  }

  private AddressSpace choose(MemoryGroup group) {
    AddressSpace chosen = null;
    long most = Long.MIN_VALUE;
    for (AddressSpace mm : kernel.addressSpaces()) {
      boolean may = !mm.isKilled() && (group == null || mm.group().isWithin(group));
      long points = may ? badness(mm, totalPages(kernel, group)) : Long.MIN_VALUE;
      if (points != Long.MIN_VALUE && points >= most) {
        chosen = mm;
        most = points;
      }
    }
    return chosen;
  }

  /** What a process could have at most: RAM and swap, or the group's maximum and swap. */
  private static long totalPages(Kernel kernel, MemoryGroup group) {
    long ram = Math.min(kernel.folios().ramPages(), group == null ? Long.MAX_VALUE : group.bound());
    return ram + kernel.swap().totalSlots();
  }

  /**
   * As oom_badness(): pages in memory, in swap and of tables, and the adjustment in thousandths of
   * all pages; the least number if it may not be killed.
   */
  private static long badness(AddressSpace mm, long totalPages) {
    if (mm.oomScoreAdj() == AddressSpace.NEVER_KILL) {
      return Long.MIN_VALUE;
    }
    MemoryUse use = new MemoryUse(mm);
    return use.rss() + use.swapped() + mm.pageTablePages() + mm.oomScoreAdj() * (totalPages / 1000);
  }

  /** What /proc/PID/oom_score shows, as proc_oom_score(): 0 to 2000. */
  static long score(AddressSpace mm) {
    long total = totalPages(mm.kernel(), null);
    long points = badness(mm, total);
    return points == Long.MIN_VALUE ? 0 : (1000 + points * 1000 / total) * 2 / 3;
  }
}
