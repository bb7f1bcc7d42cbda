package dev.pagewalk.bench;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.vectors.Engines;
import dev.pagewalk.vectors.Verification;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many vectors a second one core verifies: gunzip, JSON, tables, steps and comparison, by the
 * reference walk alone or with an MMU under each built-in model beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
  private static final int VECTORS = 17_702;
  private static final Path FILE = Path.of("test-vectors", "walk", "walk-public.jsonl.gz");

  /** Who answers, as {@code verify --engine} has it. */
  @Param({"spec", "both"})
  public String engine;

  private Engines engines = Engines.spec();

  /** Reads the models if MMUs are to answer. */
  @Setup
  public void chooseEngines() throws InputException {
    List<CpuModel> models = new ArrayList<>();
    for (String name : engine.equals("both") ? CpuModels.names() : List.<String>of()) {
      models.add(CpuModels.of(name));
    }
    engines = Engines.of(true, models);
  }

  /** The public vectors, from the gzipped file. */
  @Benchmark
  @OperationsPerInvocation(VECTORS)
  public long publicVectors() throws InputException {
    long passed =
        new Verification(engines, ModelPresets.SDM, 0, bytes -> {}).run(List.of(FILE)).passed();
    if (passed != VECTORS) {
      throw new IllegalStateException(passed + " of " + VECTORS + " vectors passed");
    }
    return passed;
  }
}
