package dev.pagewalk.bench;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.vectors.Engines;
import dev.pagewalk.vectors.Verification;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many vectors a second one core verifies: gunzip, JSON, tables, steps and comparison. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
  private static final int VECTORS = 17_702;
  private static final Path FILE = Path.of("test-vectors", "walk", "walk-public.jsonl.gz");

  /** The public vectors, from the gzipped file. */
  @Benchmark
  @OperationsPerInvocation(VECTORS)
  public long publicVectors() throws InputException {
    long passed =
        new Verification(Engines.spec(), ModelPresets.SDM, 0, bytes -> {})
            .run(List.of(FILE))
            .passed();
    if (passed != VECTORS) {
      throw new IllegalStateException(passed + " of " + VECTORS + " vectors passed");
    }
    return passed;
  }
}
