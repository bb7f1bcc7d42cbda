package dev.pagewalk.bench;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.machine.CpuModels;
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

/** What an access costs under the built-in models of processors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModelBenchmark {
  private static final int ACCESSES = 10_000;

  /** See {@link Workload}. */
  @Param({"hot", "warm", "cold"})
  public String workload;

  /** See {@link CpuModels}. */
  @Param({"limit", "classroom", "skylake", "ice-lake", "golden-cove", "zen1", "zen2", "zen4"})
  public String model;

  private PhysicalMemory memory;
  private Mmu mmu;
  private Traffic traffic;

  /** Builds the tables. */
  @Setup
  public void build() {
    Workload chosen = Workload.of(workload);
    memory = chosen.memory();
    traffic = new Traffic(chosen);
    CpuModel chosenModel = LimitModel.builtIn(model);
    mmu = Mmu.create(chosenModel, Workload.cpu(), memory, Workload.registers());
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
