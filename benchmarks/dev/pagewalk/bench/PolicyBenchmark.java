package dev.pagewalk.bench;

import dev.pagewalk.kernel.policy.FutureUses;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.PolicySimulation;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Accesses a second of a policy alone: 1,024 pages in 256 frames. OPT makes both of its passes.
 * With {@code -prof gc}: that an access allocates nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PolicyBenchmark {
  private static final int PAGES = 1024;
  private static final int FRAMES = 256;
  private static final int ACCESSES = 1 << 22;

  /** The policy, as the command line takes it. */
  @Param({"lru", "clock", "opt"})
  public String policy;

  /** The accesses: all pages as often, or by Zipf's law with exponent 1. */
  @Param({"uniform", "zipf"})
  public String pattern;

  private int[] trace;
  private PolicySimulation simulation;

  /** Makes the trace. */
  @Setup
  public void build() {
    SplittableRandom random = new SplittableRandom(7);
    trace = pattern.equals("zipf") ? zipf(random) : random.ints(ACCESSES, 0, PAGES).toArray();
    if (!Policies.needsFuture(policy)) {
      simulation = PolicySimulation.of(policy, FRAMES, null);
    }
  }

  /** An access. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long access() {
    PolicySimulation run = simulation;
    if (run == null) {
      run = PolicySimulation.of(policy, FRAMES, FutureUses.of(trace));
    }
    run.run(trace, trace.length);
    return run.counts().faults();
  }

  private static int[] zipf(SplittableRandom random) {
    double[] upTo = new double[PAGES];
    double sum = 0;
    for (int page = 0; page < PAGES; page++) {
      sum += 1.0 / (page + 1);
      upTo[page] = sum;
    }
    int[] accesses = new int[ACCESSES];
    for (int i = 0; i < ACCESSES; i++) {
      int place = Arrays.binarySearch(upTo, random.nextDouble() * sum);
      accesses[i] = place < 0 ? -place - 1 : place;
    }
    return accesses;
  }
}
