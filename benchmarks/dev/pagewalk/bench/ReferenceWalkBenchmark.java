package dev.pagewalk.bench;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a reference walk costs, by page size, allowed and refused, told and untold. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReferenceWalkBenchmark {
  private static final long TABLE_BITS = Entry.P | Entry.RW | Entry.US | Entry.A;

  /** Size of the page in KiB: 4, 2048 or 1048576. */
  @Param({"4", "2048", "1048576"})
  public int pageKib;

  private PhysicalMemory memory;
  private ReferenceWalk walk;
  private Access read;
  private Access fetch;

  /** Builds the tables of one page. */
  @Setup
  public void build() {
    memory = PhysicalMemory.ofSize(1L << 32);
    long leaf = TABLE_BITS | Entry.D | Entry.XD;
    memory.write64(0x1000, 0x2000 | TABLE_BITS);
    memory.write64(0x2000, pageKib > 2048 ? leaf | Entry.PS : 0x3000 | TABLE_BITS);
    memory.write64(0x3000, pageKib > 4 ? leaf | Entry.PS : 0x4000 | TABLE_BITS);
    memory.write64(0x4000, leaf);
    Cpu cpu = Cpu.withEverything(46, ModelPresets.SDM);
    walk = new ReferenceWalk(memory, cpu, Registers.longMode(0x1000));
    read = Access.of(0x123, AccessKind.READ, Mode.USER);
    fetch = Access.of(0x123, AccessKind.FETCH, Mode.USER);
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    memory.close();
  }

  /** A read that is allowed and finds A set. */
  @Benchmark
  public WalkResult allowed() {
    return walk.access(read);
  }

  /** A fetch that XD refuses. */
  @Benchmark
  public WalkResult refused() {
    return walk.access(fetch);
  }

  /** The allowed read, told in words. */
  @Benchmark
  public String explained() {
    return WalkExplanation.of(walk.access(read));
  }
}
