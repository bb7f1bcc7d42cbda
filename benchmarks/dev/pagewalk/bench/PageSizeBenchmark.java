package dev.pagewalk.bench;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.mmu.AccessCode;
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
 * What a hit of the first level costs, by the size of the page: reads of three quarters of the
 * pages that the TLB for this size can hold.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PageSizeBenchmark {
  private static final int ACCESSES = 10_000;
  private static final long TABLE_BITS = Entry.P | Entry.RW | Entry.US | Entry.A;

  /** Size of the page. */
  @Param({"SIZE_4K", "SIZE_2M", "SIZE_1G"})
  public PageSize size;

  private PhysicalMemory memory;
  private Mmu mmu;
  private long rng = Workload.SEED;

  /** Builds the tables: page i is mapped to frame i. */
  @Setup
  public void build() {
    memory = PhysicalMemory.builder().ram(0, 1L << 33).flat().build();
    for (long table = 0x1000; table < 0x4000; table += 0x1000) {
      memory.write64(table, (table + 0x1000) | TABLE_BITS);
    }
    // The root lies at 0x1000; a 1 GiB page is mapped by the table below it, and so on.
    long lowest = 0x4000 - 0x1000L * size.ordinal();
    long leaf = TABLE_BITS | Entry.D | (size == PageSize.SIZE_4K ? 0 : Entry.PS);
    for (int i = 0; i < pages(); i++) {
      memory.write64(lowest + 8L * i, i * size.bytes() | leaf);
    }
    mmu = Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers());
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    memory.close();
  }

  /** A read that hits. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long hit() {
    long state = rng;
    long sum = 0;
    for (int k = 0; k < ACCESSES; k++) {
      state = Workload.next(state);
      long x = Workload.drawn(state);
      long va = ((((x >>> 32) * pages()) >>> 32) << size.shift()) + (x & 0xff8);
      sum += mmu.translate(va, AccessCode.USER_READ);
    }
    rng = state;
    return sum;
  }

  private int pages() {
    return switch (size) {
      case SIZE_4K -> 48;
      case SIZE_2M -> 24;
      case SIZE_1G -> 3;
    };
  }
}
