package dev.pagewalk.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Our side of faults.c: prints the same lines, nanoseconds a page, medians of the rounds. {@code
 * pagewalk bench --faults} runs it.
 */
public final class KernelFaults {
  /** Pages of the region: 256 MiB, as in faults.c. */
  private static final int PAGES = 1 << 16;

  /** Rounds that are forgotten, in which the code is compiled and memory touched. */
  private static final int WARM_UP = 30;

  private KernelFaults() {}

  /**
   * Arguments: the number of rounds; {@code kernel} for the kernel alone or {@code machine} for
   * accesses of a core; {@code wall} for the median of the time on the wall, or {@code cpu} for the
   * least CPU time; and the names of workloads, if not all.
   */
  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[0]);
    boolean throughCore = args[1].equals("machine");
    boolean cpu = args[2].equals("cpu");
    List<String> names = List.of(args).subList(3, args.length);
    List<FaultWorkload> workloads =
        Stream.of(FaultWorkload.values())
            .filter(workload -> names.isEmpty() || names.contains(workload.toString()))
            .toList();
    double[][] times = new double[workloads.size()][rounds];
    try (FaultWork work = new FaultWork(PAGES, throughCore)) {
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < times.length; i++) {
          times[i][Math.max(round, 0)] = time(workloads.get(i), work, cpu) / PAGES;
        }
      }
    }
    for (int i = 0; i < times.length; i++) {
      Arrays.sort(times[i]);
      double ns = times[i][cpu ? 0 : rounds / 2];
      System.out.printf(Locale.ROOT, "%-12s %9.1f ns%n", workloads.get(i), ns);
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
