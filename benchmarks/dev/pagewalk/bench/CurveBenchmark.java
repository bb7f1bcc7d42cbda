package dev.pagewalk.bench;

import dev.pagewalk.machine.curve.LruCurve;
import dev.pagewalk.machine.curve.PageStream;
import dev.pagewalk.machine.curve.SampledCurve;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceReader;
import dev.pagewalk.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Seconds for LRU's whole curve of 10 million accesses, the compact trace read from its file; and
 * for an estimate of it from 8,192 pages.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class CurveBenchmark {
  /** How many pages the trace has. */
  @Param({"1k", "100k", "2M"})
  public String pages;

  private Path file;

  /** Writes the trace. */
  @Setup
  public void write() throws IOException {
    Path folder = Files.createTempDirectory("pagewalk-curve");
    file = folder.resolve("zipf.pwt");
    try (TraceReader from = TraceFiles.open("zipf:count=10M,pages=" + pages);
        TraceWriter to = TraceFiles.create(file.toString(), null, process -> process)) {
      var batch = new AccessBatch();
      while (from.read(batch)) {
        to.write(batch);
      }
      to.finish();
    }
  }

  /** Deletes it. */
  @TearDown
  public void delete() throws IOException {
    Files.delete(file);
    Files.delete(file.getParent());
  }

  /** All of it. */
  @Benchmark
  public long exact() throws IOException {
    try (TraceReader trace = TraceFiles.open(file.toString())) {
      return LruCurve.of(new PageStream(trace)).exactFaults(256);
    }
  }

  /** From a sample. */
  @Benchmark
  public double sampled() throws IOException {
    try (TraceReader trace = TraceFiles.open(file.toString())) {
      return SampledCurve.ofPages(8192).add(new PageStream(trace)).faults(256);
    }
  }
}
