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

/** What a walk costs without and with paging-structure caches, neighbours and scattered. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PagingStructureCacheBenchmark {
  private static final int ACCESSES = 10_000;

  /** See {@link Workload}. */
  @Param({"cold", "cold-scattered"})
  public String workload;

  /** Whether there are caches. */
  @Param({"false", "true"})
  public boolean caches;

  private PhysicalMemory memory;
  private Mmu mmu;
  private Traffic traffic;

  /** Builds the tables. */
  @Setup
  public void build() {
    Workload chosen = Workload.of(workload);
    memory = chosen.memory();
    traffic = new Traffic(chosen);
    mmu =
        Mmu.create(
            caches ? LimitModel.CACHES : LimitModel.LIMIT,
            Workload.cpu(),
            memory,
            Workload.registers());
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    memory.close();
  }

  /** An access, nearly always a walk. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long access() {
    return traffic.run(mmu, ACCESSES);
  }
}
