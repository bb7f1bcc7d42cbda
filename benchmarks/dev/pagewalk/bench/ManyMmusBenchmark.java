package dev.pagewalk.bench;

import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
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

/** What an access costs when many MMUs take turns in one loop, 100 accesses each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ManyMmusBenchmark {
  private static final int ACCESSES = 6_400;
  private static final int TURN = 100;

  /** How many MMUs, a divisor of 64. */
  @Param({"1", "8", "64"})
  public int mmus;

  private PhysicalMemory memory;
  private List<Mmu> members;
  private Traffic traffic;
  private Company company;

  /** Builds the tables. */
  @Setup
  public void build() {
    memory = Workload.HOT.memory();
    traffic = new Traffic(Workload.HOT);
    members = new ArrayList<>();
    for (int i = 0; i < mmus; i++) {
      members.add(Mmu.create(LimitModel.LIMIT, Workload.cpu(), memory, Workload.registers()));
    }
    company = new Company(Company.MOST);
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    memory.close();
    company.close();
  }

  /** MMUs of limit.c's geometry; all accesses but the first of each hit. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long sameGeometry() {
    long sum = 0;
    for (int done = 0; done < ACCESSES; done += TURN) {
      sum += traffic.run(members.get(done / TURN % mmus), TURN);
    }
    return sum;
  }

  /** The eight of {@link Company}, with all that they do, faults included. */
  @Benchmark
  @OperationsPerInvocation(Company.MOST * Company.ACCESSES)
  public long manyGeometries() {
    return company.work();
  }
}
