package dev.pagewalk.bench;

import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * The rounds of {@code benchmarks/limit.c} through {@link Mmu#translate}; {@code pagewalk bench}
 * runs it.
 *
 * <p>An operation is a round, as many accesses as {@link Workload#accesses}. Warm-up rounds are
 * forgotten: the first measured one begins with empty TLBs and the generator's seed, and counters
 * go on from round to round, as in limit.c. The process is no special place: before the first round
 * and between rounds {@link Company}, MMUs of other geometries, does its work in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 4)
@Measurement(iterations = 9)
public class LimitBenchmark {
  /** Accesses of one call of a loop: often enough called, a method is compiled as a whole. */
  private static final int CHUNK = 10_000;

  /** See {@link Workload}. */
  @Param({
    "hot",
    "warm",
    "cold",
    "vast",
    "hot-scattered",
    "warm-scattered",
    "cold-scattered",
    "vast-scattered"
  })
  public String workload;

  /** MMUs of other geometries in the same process. */
  @Param("7")
  public int company;

  private Workload chosen;
  private PhysicalMemory memory;
  private Mmu mmu;
  private Company others;
  private long rng;
  private boolean measuring;

  /** Builds the tables. */
  @Setup
  public void build() {
    chosen = Workload.of(workload);
    memory = chosen.memory();
    mmu = Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers());
    others = new Company(company);
    rng = Workload.SEED;
  }

  /** Starts anew when the warm-up is over. */
  @Setup(Level.Iteration)
  public void begin(IterationParams iteration) {
    others.work();
    if (iteration.getType() == IterationType.MEASUREMENT && !measuring) {
      measuring = true;
      mmu.reset(Workload.cpu(), Workload.registers());
      rng = Workload.SEED;
    }
    mmu.resetCounters();
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    others.close();
    memory.close();
  }

  /** One round. */
  @Benchmark
  public long round(LimitCounters counters) {
    long sum = 0;
    for (int done = 0; done < chosen.accesses; done += CHUNK) {
      sum += chosen.scattered ? scattered() : neighbours();
    }
    counters.setSum(sum);
    MmuCounters done = mmu.counters();
    counters.l1Hits = LimitModel.firstLevelHits(done);
    counters.l2Hits = LimitModel.secondLevelHits(done);
    counters.walks = done.walks();
    counters.loads = done.wordsRead();
    counters.faults = LimitModel.faults(done);
    return sum;
  }

  private long neighbours() {
    long state = rng;
    long pages = chosen.pages;
    long sum = 0;
    for (int k = 0; k < CHUNK; k++) {
      state = Workload.next(state);
      long x = Workload.drawn(state);
      long va = Workload.BASE + ((x >>> 32) * pages >>> 32 << 12) + (x & 0xff8);
      sum += mmu.translate(va, access(x));
    }
    rng = state;
    return sum;
  }

  private long scattered() {
    long state = rng;
    long pages = chosen.pages;
    long sum = 0;
    for (int k = 0; k < CHUNK; k++) {
      state = Workload.next(state);
      long x = Workload.drawn(state);
      long va = Workload.scatter((x >>> 32) * pages >>> 32) + (x & 0xff8);
      sum += mmu.translate(va, access(x));
    }
    rng = state;
    return sum;
  }

  /** A write if bits 21:20 of {@code x} are 0, else a read, chosen without a branch. */
  private static int access(long x) {
    return AccessCode.USER_READ + (int) ((x >>> 20 & 3) - 1 >>> 63);
  }
}
