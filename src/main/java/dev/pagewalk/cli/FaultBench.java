package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code pagewalk bench --faults}: what a page fault costs our kernel, alone and behind a core, and
 * if wanted what it costs the kernel of this machine, which {@code benchmarks/faults.c} asks.
 *
 * <p>Each side is a program that prints a line for each workload: its name, nanoseconds a page, and
 * {@code ns}.
 */
final class FaultBench {
  private static final String OURS = "dev.pagewalk.bench.KernelFaults";
  private static final Pattern LINE = Pattern.compile("(\\S+) +(\\d+\\.\\d) ns");

  /** Our sides, by the argument that asks for them. */
  private static final List<String> SIDES = List.of("kernel", "machine");

  private final int rounds;

  /** By side, then by workload: nanoseconds a page of each pass. */
  private final Map<String, Map<String, List<Double>>> times = new LinkedHashMap<>();

  /**
   * Measures nothing yet.
   *
   * @param rounds of each workload in each pass
   */
  FaultBench(int rounds) {
    this.rounds = rounds;
  }

  /**
   * Compiles the C side with {@code $CC} or {@code cc}.
   *
   * @param folder where the program is put
   * @return the program
   */
  static Path compile(Path source, Path folder) throws IOException {
    Path program = folder.resolve("faults").toAbsolutePath();
    String compiler = Objects.requireNonNullElse(System.getenv("CC"), "cc");
    ChildProcess compilation;
    try {
      compilation = ChildProcess.run(List.of(compiler, "-O2", "-o", "" + program, "" + source));
    } catch (IOException e) {
      throw new InputException("bench: --against-c: expected a C compiler, cc or $CC: " + e);
    }
    if (compilation.status() != 0) {
      throw new InputException(source.toString(), "", compilation.firstError());
    }
    return program;
  }

  /**
   * Runs all sides once more, one after the other.
   *
   * @param classPath of the benchmarks
   * @param c the C side, or null
   */
  void pass(String classPath, Path c) throws IOException {
    if (c != null) {
      run("c", List.of(c.toString(), "" + rounds));
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    for (String side : SIDES) {
      run(
          side,
          List.of(
              java,
              "-XX:+UseSerialGC",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              classPath,
              OURS,
              "" + rounds,
              side,
              "wall"));
    }
  }

  private void run(String side, List<String> command) throws IOException {
    ChildProcess run = ChildProcess.run(command);
    List<Matcher> lines = run.output().lines().map(LINE::matcher).filter(Matcher::matches).toList();
    if (run.status() != 0 || lines.isEmpty()) {
      throw new IOException("bench: the side " + side + " failed: " + run.firstError());
    }
    for (Matcher line : lines) {
      times
          .computeIfAbsent(side, name -> new LinkedHashMap<>())
          .computeIfAbsent(line.group(1), name -> new ArrayList<>())
          .add(Double.parseDouble(line.group(2)));
    }
  }

  /** The workloads of our sides. */
  private List<String> workloads() {
    return List.copyOf(times.get(SIDES.getFirst()).keySet());
  }

  /** The median of the passes; 0 if the side does not do that. */
  private double ns(String side, String workload) {
    List<Double> passes = times.getOrDefault(side, Map.of()).getOrDefault(workload, List.of());
    return passes.isEmpty() ? 0 : passes.stream().sorted().toList().get(passes.size() / 2);
  }

  /** A line for each workload of each side, and the ratios of ours to the C side's. */
  void text(PrintStream out) {
    for (Map.Entry<String, Map<String, List<Double>>> side : times.entrySet()) {
      out.println(side.getKey());
      for (String workload : side.getValue().keySet()) {
        double ns = ns(side.getKey(), workload);
        out.println(String.format(Locale.ROOT, "%-12s %9.1f ns", workload, ns));
      }
    }
    if (times.containsKey("c")) {
      out.println(String.format(Locale.ROOT, "%-12s %9s %9s", "ratios", "kernel", "machine"));
      for (String workload : times.get("c").keySet()) {
        double c = ns("c", workload);
        double kernel = ns("kernel", workload) / c;
        double machine = ns("machine", workload) / c;
        out.println(String.format(Locale.ROOT, "%-12s %9.3f %9.3f", workload, kernel, machine));
      }
    }
  }

  /** One document. */
  void json(PrintStream out) {
    try (JsonLines json = new JsonLines(out)) {
      json.begin().number("rounds", rounds).beginArray("workloads");
      for (String workload : workloads()) {
        json.begin().text("workload", workload);
        for (Map.Entry<String, Map<String, List<Double>>> side : times.entrySet()) {
          if (side.getValue().containsKey(workload)) {
            json.begin(side.getKey()).decimal("ns", ns(side.getKey(), workload));
            json.decimals("passes_ns", side.getValue().get(workload)).end();
          }
        }
        json.end();
      }
      json.endArray().end();
    }
  }
}
