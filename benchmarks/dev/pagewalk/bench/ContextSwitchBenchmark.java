package dev.pagewalk.bench;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Registers;
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
 * What an access costs when two processes take turns: MOV to CR3 between them, with PCIDs and
 * without.
 *
 * <p>With PCIDs each has its own and the no-flush bit is set; without, each switch drops all that
 * the other process had cached. Each works on 48 pages.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ContextSwitchBenchmark {
  private static final int ACCESSES = 10_000;

  /** Accesses from one switch to the next, a divisor of 10,000. */
  @Param({"100", "1000", "10000"})
  public int turn;

  /** Whether CR4.PCIDE is 1. */
  @Param({"false", "true"})
  public boolean pcid;

  private PhysicalMemory memory;
  private Mmu mmu;
  private Traffic traffic;
  private long root;
  private int running;

  /** Builds the tables. */
  @Setup
  public void build() {
    memory = Workload.HOT.memory();
    traffic = new Traffic(Workload.HOT);
    Registers registers = Workload.registers();
    root = registers.root();
    long cr4 = pcid ? Cr4.PAE | Cr4.PCIDE : Cr4.PAE;
    mmu =
        Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, registers.withCr3(root).withCr4(cr4));
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    memory.close();
  }

  /** An access, with its share of a switch. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long access() {
    long sum = 0;
    for (int done = 0; done < ACCESSES; done += turn) {
      running ^= 1;
      mmu.movToCr3(pcid ? Cr3.NO_FLUSH | root | (running + 1) : root);
      sum += traffic.run(mmu, turn);
    }
    return sum;
  }
}
