package dev.pagewalk.bench;

import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceFormat;
import dev.pagewalk.trace.TraceOptions;
import dev.pagewalk.trace.TraceReader;
import dev.pagewalk.trace.TraceWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
 * How many accesses a second are read and written in each format, from memory and to nowhere: the
 * recording in test-vectors, ten times over. In lackey, CSV and din an access is a line.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TraceBenchmark {
  private static final String RECORDING = "test-vectors/traces/wordcount.lackey.gz";
  private static final int TIMES = 10;
  private static final int ACCESSES = TIMES * 798_875;

  /** The format. */
  @Param({"pwt", "lackey", "csv"})
  public String format;

  private final AccessBatch batch = new AccessBatch();
  private byte[] bytes;
  private AccessBatch[] batches;

  /** Reads the recording. */
  @Setup
  public void convert() throws IOException {
    var out = new ByteArrayOutputStream();
    batches = new AccessBatch[(ACCESSES / TIMES / AccessBatch.CAPACITY) + 1];
    try (TraceReader reader = TraceFiles.open(RECORDING)) {
      for (int i = 0; i < batches.length; i++) {
        batches[i] = new AccessBatch();
        reader.read(batches[i]);
      }
    }
    write(out);
    bytes = out.toByteArray();
  }

  /** Reads all accesses. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long read() throws IOException {
    long count = 0;
    long sum = 0;
    var options = new TraceOptions(null, false, new ByteArrayInputStream(bytes));
    try (TraceReader reader = TraceFiles.open(TraceFiles.STANDARD, options)) {
      while (reader.read(batch)) {
        count += batch.size;
        sum += batch.address[batch.size - 1] + batch.what[batch.size - 1];
      }
    }
    if (count != ACCESSES) {
      throw new IllegalStateException(count + " accesses");
    }
    return sum;
  }

  /** Writes all accesses. */
  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public void write() throws IOException {
    write(OutputStream.nullOutputStream());
  }

  private void write(OutputStream out) throws IOException {
    try (TraceWriter writer = TraceFiles.writer(TraceFormat.of(format), out, number -> number)) {
      for (int i = 0; i < TIMES; i++) {
        for (AccessBatch next : batches) {
          writer.write(next);
        }
      }
      writer.finish();
    }
  }
}
