package dev.pagewalk.bench;

import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Two cores at once: each thread has an MMU, all walk the same tables. Twice one core's throughput
 * is the most that there is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CoresBenchmark {
  private static final int ACCESSES = 10_000;

  private Mmu mmu;
  private Traffic traffic;

  /** The tables, which all threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    /** See {@link Workload}. */
    @Param({"hot", "warm", "cold"})
    public String workload;

    private PhysicalMemory memory;

    /** Builds the tables. */
    @Setup
    public void build() {
      memory = Workload.of(workload).memory();
    }

    /** Frees the memory. */
    @TearDown
    public void free() {
      memory.close();
    }
  }

  /** Makes a thread's core. */
  @Setup
  public void build(Shared shared) {
    mmu = Mmu.create(LimitModel.LIMIT, Workload.cpu(), shared.memory, Workload.registers());
    traffic = new Traffic(Workload.of(shared.workload));
  }

  /** Accesses of one core. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(ACCESSES)
  public long one() {
    return traffic.run(mmu, ACCESSES);
  }

  /** Accesses of two cores together. */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(ACCESSES)
  public long two() {
    return traffic.run(mmu, ACCESSES);
  }
}
