package dev.pagewalk.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk bench}: times the MMU on fixed work, alone or against the same work in C. */
@Command(
    name = "bench",
    description = {
      "Times the MMU on the workloads of benchmarks/limit.c: the same structures, accesses and"
          + " counters. A line has nanoseconds an access, the median of the rounds, and the"
          + " counters of all rounds."
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> WORKLOADS =
      Stream.concat(
              Stream.of("rng"),
              Stream.of("", "-scattered")
                  .flatMap(
                      kind -> Stream.of("hot", "warm", "cold", "vast").map(name -> name + kind)))
          .toList();

  private final Terminal terminal;

  @Option(
      names = "--workloads",
      split = ",",
      converter = WorkloadName.class,
      paramLabel = "NAME",
      description =
          "hot, warm, cold, vast (default: these), hot-scattered, warm-scattered, cold-scattered,"
              + " vast-scattered (5 GiB of main memory, for each side), rng")
  private List<String> workloads = List.of("hot", "warm", "cold", "vast");

  @Option(
      names = "--rounds",
      converter = Rounds.class,
      paramLabel = "N",
      description = "rounds of each workload, 1 to 64 (default: 9)")
  private int rounds = 9;

  @Option(
      names = "--against-c",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "FILE",
      description =
          "compile limit.c, or FILE, by $CC or cc, let the sides do their rounds by turns and print"
              + " the ratios; exit status 1 if counters or sums differ")
  private Path againstC;

  @Option(
      names = "--passes",
      converter = Passes.class,
      paramLabel = "N",
      description =
          "how often each side runs each workload, 1 to 99 (default: 1; 5 with --against-c)")
  private Integer passes;

  @Option(
      names = "--faults",
      description =
          "time page faults of the kernel instead, alone and behind a core: the work of"
              + " benchmarks/faults.c, which is the C side; nanoseconds a page")
  private boolean faults;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  @Spec private CommandSpec command;

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    String classPath = System.getProperty("pagewalk.benchmarks");
    if (classPath == null) {
      throw new IOException("bench: start it with ./pagewalk, which compiles the benchmarks");
    }
    if (workloads.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "--workloads: expected " + String.join(", ", WORKLOADS));
    }
    Path folder = Files.createTempDirectory("pagewalk-bench");
    try {
      if (faults) {
        return timeFaults(classPath, folder);
      }
      BenchInJava java = new BenchInJava(classPath, folder);
      BenchInC c = againstC == null ? null : new BenchInC(System.getenv("CC"), source(), folder);
      List<BenchResult> results = workloads.stream().map(BenchResult::new).toList();
      run(results, java, c);
      if (asJson) {
        BenchOutput.json(terminal.out(), results, rounds);
      } else {
        BenchOutput.text(terminal.out(), results);
      }
      return results.stream().allMatch(BenchResult::isSameWork) ? Main.OK : Main.NO;
    } finally {
      delete(folder);
    }
  }

  private int timeFaults(String classPath, Path folder) throws IOException {
    FaultBench bench = new FaultBench(rounds);
    Path c = againstC == null ? null : FaultBench.compile(source(), folder);
    for (int turn = 0; turn < (passes == null ? 1 : passes); turn++) {
      bench.pass(classPath, c);
    }
    if (asJson) {
      bench.json(terminal.out());
    } else {
      bench.text(terminal.out());
    }
    return Main.OK;
  }

  /** Workload after workload, pass after pass, so that all meet the same machine. */
  private void run(List<BenchResult> results, BenchInJava java, BenchInC c) throws IOException {
    int turns = passes != null ? passes : c == null ? 1 : 5;
    try (ProgressBar bar = progressBar((long) turns * results.size())) {
      for (int turn = 0; turn < turns; turn++) {
        for (BenchResult result : results) {
          result.add(
              c == null
                  ? java.run(result.workload(), rounds)
                  : java.runAgainst(c, result.workload(), rounds));
          if (bar != null) {
            bar.step();
          }
        }
      }
    }
  }

  private Path source() {
    return againstC.toString().isEmpty()
        ? Path.of(
            System.getProperty("pagewalk.home", ""), "benchmarks", faults ? "faults.c" : "limit.c")
        : againstC;
  }

  private ProgressBar progressBar(long steps) {
    if (!terminal.interactive() || asJson) {
      return null;
    }
    return new ProgressBarBuilder()
        .setTaskName("bench")
        .setInitialMax(steps)
        .setUpdateIntervalMillis(100)
        .setStyle(ProgressBarStyle.ASCII)
        .clearDisplayOnFinish()
        .build();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** The name of a workload. */
  static final class WorkloadName implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      if (!WORKLOADS.contains(name)) {
        throw new TypeConversionException(
            "expected " + String.join(", ", WORKLOADS) + ", not " + Failures.quote(name));
      }
      return name;
    }
  }

  /** How many rounds: limit.c has room for 64. */
  static final class Rounds implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return oneTo(64, text);
    }
  }

  /** How many passes. */
  static final class Passes implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return oneTo(99, text);
    }
  }

  private static int oneTo(int most, String text) {
    long value = Numbers.parse(text, 64);
    if (value < 1 || value > most) {
      throw new TypeConversionException("expected 1 to " + most + ", not " + Failures.quote(text));
    }
    return (int) value;
  }
}
