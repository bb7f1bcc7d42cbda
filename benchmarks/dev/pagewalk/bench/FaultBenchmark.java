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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What faults cost: some of the pages are not present. With {@code -prof gc}: that they are free.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FaultBenchmark {
  private static final int ACCESSES = 10_000;

  /** Accesses in a hundred that fault. */
  @Param({"0", "5", "100"})
  public int percent;

  private PhysicalMemory memory;
  private Mmu mmu;
  private Traffic traffic;

  /** Builds the tables. */
  @Setup
  public void build() {
    memory = Workload.WARM.memory();
    Workload.WARM.takeAway(memory, percent);
    traffic = new Traffic(Workload.WARM);
    mmu = Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers());
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    memory.close();
  }

  /** An access. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long access() {
    return traffic.run(mmu, ACCESSES);
  }
}
