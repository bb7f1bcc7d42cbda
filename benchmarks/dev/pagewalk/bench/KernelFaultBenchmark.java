package dev.pagewalk.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What our kernel takes for a page: the workloads of faults.c, swap, mapping and unmapping. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 15)
@Measurement(iterations = 10)
public class KernelFaultBenchmark {
  /** Pages of the region: 256 MiB, as in faults.c. */
  private static final int PAGES = 1 << 16;

  /** What is timed. */
  @Param public FaultWorkload workload;

  /** Whether a touch is an access of a core, or the fault alone. */
  @Param({"false", "true"})
  public boolean throughCore;

  private FaultWork work;

  /** Makes the machine. */
  @Setup
  public void build() {
    work = new FaultWork(PAGES, throughCore);
  }

  /** Makes ready for one round. */
  @Setup(Level.Iteration)
  public void prepare() {
    workload.prepare(work);
  }

  /** Cleans up after a round. */
  @TearDown(Level.Iteration)
  public void finish() {
    workload.finish(work);
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    work.close();
  }

  /** One round, divided by its pages. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public void page() {
    workload.run(work);
  }
}
