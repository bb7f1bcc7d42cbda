package dev.pagewalk.bench;

import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * The rounds of {@code benchmarks/limit.c} through {@link Mmu#translate}; {@code pagewalk bench}
 * runs it.
 *
 * <p>An operation is a round, as many accesses as {@link Workload#accesses}. Warm-up rounds are
 * forgotten: the first measured one begins with empty TLBs and the generator's seed, and from there
 * state and counters go on from round to round, as in limit.c. Before the first round and between
 * rounds {@link Company}, MMUs of other geometries, does its work in the same process. Against C, a
 * round of C comes before each measured one, see {@link Opponent}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 4)
@Measurement(iterations = 9)
public class LimitBenchmark {
  /** Accesses of one call of a loop: a method that is called often is compiled as a whole. */
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

  /** MMUs of other geometries in the same process, 0 to 8. */
  @Param("8")
  public int company;

  /** Whether they go through the timed loop too, so that its call of the MMU is a virtual one. */
  @Param("false")
  public boolean shared;

  private Workload chosen;
  private Traffic traffic;
  private PhysicalMemory memory;
  private Mmu mmu;
  private Company others;
  private List<Mmu> sharers;
  private Optional<Opponent> opponent;
  private boolean measuring;

  /** Builds the tables. */
  @Setup
  public void build(BenchmarkParams params) throws IOException {
    opponent = Opponent.start(workload, params.getMeasurement().getCount());
    chosen = Workload.of(workload);
    traffic = new Traffic(chosen);
    memory = chosen.memory();
    mmu = Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers());
    others = new Company(company);
    sharers = shared ? Company.over(memory, company) : List.of();
  }

  /** Lets the others work; starts anew when the warm-up is over. */
  @Setup(Level.Iteration)
  public void begin(IterationParams iteration) throws IOException {
    others.work();
    Traffic theirs = new Traffic(chosen);
    sharers.forEach(sharer -> theirs.run(sharer, CHUNK));
    if (iteration.getType() == IterationType.MEASUREMENT && !measuring) {
      measuring = true;
      mmu.reset(Workload.cpu(), Workload.registers());
      traffic.restart();
    }
    mmu.resetCounters();
    if (measuring && opponent.isPresent()) {
      opponent.get().round();
    }
  }

  /** Frees the memory. */
  @TearDown
  public void free() throws IOException {
    others.close();
    memory.close();
    if (opponent.isPresent()) {
      opponent.get().close();
    }
  }

  /** One round. */
  @Benchmark
  public long round(LimitCounters counters) {
    long sum = 0;
    for (int done = 0; done < chosen.accesses; done += CHUNK) {
      sum += traffic.run(mmu, CHUNK);
    }
    counters.set(mmu.counters(), sum);
    return sum;
  }
}
