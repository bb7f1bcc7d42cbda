package dev.pagewalk.bench;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.machine.replay.ReplayOptions;
import dev.pagewalk.machine.replay.ReplayResult;
import dev.pagewalk.machine.replay.Replayer;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Replay of a trace through core, TLBs, tables and kernel, an access: {@code hit} where the
 * first-level TLB has all pages, {@code walk} where each access walks. Every replay is of a machine
 * of its own, made before; its first faults are part of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplayBenchmark {
  private static final int ACCESSES = 1 << 24;
  private static final int DISTINCT = 1 << 16;

  /** Whether the TLB has the pages. */
  @Param({"hit", "walk"})
  private String pages;

  /** Flat walks, or words of tables by where they are found. */
  @Param({"classroom", "desktop"})
  private String costs;

  /** The model of processor. */
  @Param({"limit"})
  private String cpu;

  private final long[] addresses = new long[DISTINCT];
  private Computer computer;

  /** Draws pages, the same each time. */
  @Setup(Level.Trial)
  public void draw() {
    SplittableRandom random = new SplittableRandom(1);
    int range = pages.equals("hit") ? 16 : 1 << 18;
    for (int i = 0; i < DISTINCT; i++) {
      addresses[i] = 0x1000_0000L + ((long) random.nextInt(range) << 12);
    }
  }

  /** Makes the machine. */
  @Setup(Level.Invocation)
  public void make() throws InputException {
    computer =
        Computer.of(
            new MachineBuilder(Machines.load("laptop"), Path.of(""))
                .cpu(cpu)
                .costs(costs)
                .cores(1));
  }

  /** Frees it. */
  @TearDown(Level.Invocation)
  public void free() {
    computer.close();
  }

  /** Replays. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ReplayResult replay() throws IOException {
    return new Replayer(computer, new Drawn(addresses), new ReplayOptions()).run();
  }

  /** Reads of drawn pages, copied batch by batch. */
  private static final class Drawn implements TraceReader {
    private final long[] addresses;
    private long done;

    Drawn(long[] addresses) {
      this.addresses = addresses;
    }

    @Override
    public boolean read(AccessBatch batch) {
      int first = (int) (done % DISTINCT);
      System.arraycopy(addresses, first, batch.address, 0, AccessBatch.CAPACITY);
      Arrays.fill(batch.what, AccessBatch.what(AccessBatch.READ, 8, 0));
      batch.size = done < ACCESSES ? AccessBatch.CAPACITY : 0;
      done += batch.size;
      return batch.size > 0;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
