package dev.pagewalk.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Our side of faults.c: prints the same lines, nanoseconds a page, medians of the rounds. {@code
 * pagewalk bench --faults} runs it.
 */
public final class KernelFaults {
  /** Pages of the region: 256 MiB, as in faults.c. */
  private static final int PAGES = 1 << 16;

  /** Rounds that are forgotten, in which the code is compiled and memory touched. */
  private static final int WARM_UP = 5;

  private KernelFaults() {}

  /**
   * Arguments: the number of rounds; {@code kernel} for the kernel alone or {@code machine} for
   * accesses of a core; and {@code cpu} for the least CPU time instead of the median of the time on
   * the wall.
   */
  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    boolean throughCore = args[1].equals("machine");
    boolean cpu = args.length > 2 && args[2].equals("cpu");
    FaultWorkload[] workloads = FaultWorkload.values();
    double[][] times = new double[workloads.length][rounds];
    try (FaultWork work = new FaultWork(PAGES, throughCore)) {
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < workloads.length; i++) {
          double ns = time(workloads[i], work, cpu) / PAGES;
          times[i][Math.max(round, 0)] = ns;
        }
      }
    }
    for (int i = 0; i < workloads.length; i++) {
      Arrays.sort(times[i]);
      double ns = times[i][cpu ? 0 : rounds / 2];
      System.out.printf(Locale.ROOT, "%-12s %9.1f ns%n", workloads[i], ns);
    }
  }

  private static double time(FaultWorkload workload, FaultWork work, boolean cpu) {
    workload.prepare(work);
    long start = now(cpu);
    workload.run(work);
    long ns = now(cpu) - start;
    workload.finish(work);
    return ns;
  }

  private static long now(boolean cpu) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return cpu ? threads.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
