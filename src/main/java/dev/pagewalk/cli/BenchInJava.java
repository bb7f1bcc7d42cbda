package dev.pagewalk.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Our side of {@code pagewalk bench}: runs JMH on {@code LimitBenchmark}, which lies in {@code
 * benchmarks}, and reads the JSON that it writes.
 *
 * <p>JMH is met as a program, not as a library: the benchmarks are not part of the jar.
 */
final class BenchInJava {
  private static final String BENCHMARK = "\\.LimitBenchmark\\.round$";

  private final String classPath;
  private final Path result;
  private final Path said;

  /**
   * Runs nothing yet.
   *
   * @param classPath of the benchmarks and JMH
   * @param folder where JMH puts its result
   */
  BenchInJava(String classPath, Path folder) {
    this.classPath = classPath;
    this.result = folder.resolve("jmh.json");
    this.said = folder.resolve("said.txt");
  }

  /**
   * Runs {@code rounds} rounds of {@code workload}, from empty TLBs, in a process of its own.
   *
   * @throws IOException if the process fails
   */
  BenchPass run(String workload, int rounds) throws IOException {
    return BenchPass.alone(line(workload, measure(workload, rounds, Map.of())));
  }

  /** As {@link #run}, with a round of the C side before each of ours. */
  BenchPass runAgainst(BenchInC c, String workload, int rounds) throws IOException {
    Files.deleteIfExists(said);
    Map<String, String> environment =
        Map.of("PAGEWALK_BENCH_C", c.program().toString(), "PAGEWALK_BENCH_SAID", said.toString());
    Measured measured = measure(workload, rounds, environment);
    String answers = Files.readString(said);
    BenchLine line = line(workload, measured);
    double accesses = (double) measured.count("accesses") / measured.rounds.size();
    List<Double> times = measured.rounds.stream().map(ns -> ns / accesses).toList();
    return BenchPass.of(line, times, c.line(workload, answers), BenchInC.rounds(answers));
  }

  private Measured measure(String workload, int rounds, Map<String, String> environment)
      throws IOException {
    Files.deleteIfExists(result);
    ChildProcess run = ChildProcess.run(command(workload, rounds), environment);
    if (run.status() != 0 || !Files.exists(result)) {
      throw new IOException("bench: JMH failed: " + run.firstError());
    }
    return new Measured(result);
  }

  private List<String> command(String workload, int rounds) {
    // Another JMH on this machine would make JMH refuse; here it only makes noise.
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djmh.ignoreLock=true",
        "-cp",
        classPath,
        "org.openjdk.jmh.Main",
        BENCHMARK,
        "-p",
        "workload=" + workload,
        "-i",
        "" + rounds,
        "-foe",
        "true",
        "-rf",
        "json",
        "-rff",
        result.toString());
  }

  private static BenchLine line(String workload, Measured measured) {
    double[] times = measured.rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double perRound = (double) measured.count("accesses") / times.length;
    List<Long> counters =
        Stream.of("l1Hits", "l2Hits", "walks", "loads", "faults").map(measured::count).toList();
    long sum = (measured.count("sumHigh") << 32) + measured.count("sumLow");
    return new BenchLine(workload, times[times.length / 2] / perRound, counters, sum);
  }

  /** What JMH's JSON says of the one benchmark in it. */
  private static final class Measured {
    /** Nanoseconds of each round. */
    final List<Double> rounds = new ArrayList<>();

    private final Map<String, Double> scores = new HashMap<>();

    Measured(Path file) throws IOException {
      try (InputStream bytes = Files.newInputStream(file);
          JsonParser in =
              JsonFactory.builder().build().createParser(ObjectReadContext.empty(), bytes)) {
        while (in.nextToken() != null) {
          if (in.currentToken().isNumeric()) {
            take(in.streamReadContext(), in.getDoubleValue());
          }
        }
      }
    }

    /** Takes {@code {metric: {"score": value}}} and the elements of {@code "rawData": [[…]]}. */
    private void take(TokenStreamContext place, double value) {
      TokenStreamContext object = place;
      while (object.inArray()) {
        object = object.getParent();
      }
      String metric = object.getParent().currentName();
      if (object.currentName().equals("score")) {
        scores.put(metric, value);
      } else if (object.currentName().equals("rawData") && "primaryMetric".equals(metric)) {
        rounds.add(value);
      }
    }

    /** An event counter: JMH counts in doubles, which are exact up to 2^53. */
    long count(String name) {
      return scores.get(name).longValue();
    }
  }
}
