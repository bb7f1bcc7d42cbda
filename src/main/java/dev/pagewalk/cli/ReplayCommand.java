package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.policy.FutureUses;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.CostModels;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.MachineFile;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.machine.replay.FirstPass;
import dev.pagewalk.machine.replay.ReplayOptions;
import dev.pagewalk.machine.replay.ReplayResult;
import dev.pagewalk.machine.replay.Replayer;
import dev.pagewalk.machine.replay.Series;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk replay}: a trace's accesses on a machine, counted and priced. */
@Command(
    name = "replay",
    description = {
      "Replays a trace of memory accesses through the cores, TLBs, page tables and kernel of a"
          + " machine, and tells what happened and what it cost."
    })
final class ReplayCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "TRACE",
      description =
          "a file of any known format, - for standard input, or a generator as"
              + " zipf:pages=1024,count=1M")
  private String trace;

  @Option(
      names = "--machine",
      paramLabel = "NAME|FILE",
      description = "classroom, laptop (default), server, or a file that describes one")
  private String machine = "laptop";

  @Option(
      names = "--frames",
      converter = Positive.class,
      paramLabel = "N",
      description = "pages of user memory resident at a time (default: the machine's)")
  private Long frames;

  @Option(
      names = "--policy",
      converter = PolicyOption.class,
      paramLabel = "SPEC",
      description =
          "which page goes: a name, or name:parameter=value,... (default: the machine's);"
              + " docs/policies.md has them")
  private String policy;

  @Option(
      names = "--scope",
      converter = ScopeOption.class,
      paramLabel = "WHOSE",
      description = "whose page goes: global (default) or process, the one that needs a frame")
  private MachineFile.Scope scope;

  @Option(
      names = "--cpu",
      paramLabel = "NAME|FILE",
      description = "model of processor (default: the machine's)")
  private String cpu;

  @Option(
      names = "--costs",
      paramLabel = "NAME|FILE",
      description = "cost model: classroom, desktop, server, or a file (default: the machine's)")
  private String costs;

  @Option(
      names = "--cores",
      converter = Cores.class,
      paramLabel = "N",
      description = "number of cores (default: the machine's)")
  private Integer cores;

  @Option(
      names = "--quantum",
      converter = Positive.class,
      paramLabel = "N",
      description =
          "accesses of a time slice: processes take turns and go from core to core (default: the"
              + " trace's own order)")
  private Long quantum;

  @Option(
      names = "--threads",
      description = "one thread a core; figures then differ from run to run")
  private boolean threads;

  @Option(
      names = "--evictions",
      description = "lists the pages that were given up, by their numbers (linear address / 4096)")
  private boolean listEvictions;

  @Mixin private SeriesOptions over;

  @Option(
      names = "--limit",
      converter = Positive.class,
      paramLabel = "N",
      description = "ends after N accesses")
  private Long limit;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  @Spec private CommandSpec command;

  ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What happens over time; null if nobody wants it. */
  private Series series;

  @Override
  public Integer call() throws IOException {
    over.check();
    if (threads && over.isWanted()) {
      throw refused(
          "--threads", "expected no --series and no --plot: they follow the order of time");
    }
    MachineBuilder builder = builder();
    EvictionList evictions = new EvictionList();
    if (listEvictions) {
      builder.evictions(evictions);
    }
    MachineFile changed = changed(builder);
    String spec = changed.policy();
    if (threads && spec != null && isOracle(spec)) {
      throw refused("--threads", "expected a policy that is not told of each access, not " + spec);
    }
    if (spec != null && Policies.needsFuture(spec)) {
      builder.future(firstPass(changed));
    }
    try (TraceReader reader = TraceFiles.open(trace);
        Computer computer = Computer.of(builder)) {
      ReplayResult result = replay(reader, computer);
      ReplayOutput output = new ReplayOutput(trace, computer, result, evictions);
      if (asJson) {
        output.json(terminal.out());
      } else {
        output.text(terminal);
      }
      over.write(series);
    }
    return Main.OK;
  }

  private MachineBuilder builder() throws InputException {
    MachineFile file = Machines.load(machine);
    MachineBuilder builder = new MachineBuilder(file, Machines.folder(machine));
    if (frames != null) {
      builder.frames(frames);
    }
    if (cpu != null) {
      builder.cpu(fromHere(cpu, CpuModels.names()));
    }
    if (costs != null) {
      builder.costs(fromHere(costs, CostModels.names()));
    }
    if (cores != null) {
      builder.cores(cores);
    }
    if (policy != null) {
      builder.policy(policy);
    }
    if (scope != null) {
      builder.scope(scope);
    }
    if (quantum != null) {
      builder.quantum(quantum);
    }
    builder.parallel(threads);
    return builder;
  }

  private static MachineFile changed(MachineBuilder builder) throws InputException {
    try {
      return builder.changed();
    } catch (IllegalArgumentException e) {
      throw new InputException("machine: " + e.getMessage());
    }
  }

  private static boolean isOracle(String spec) throws InputException {
    try {
      return Policies.info(spec).sees().isOracle();
    } catch (IllegalArgumentException e) {
      throw new InputException("machine: policy: " + e.getMessage());
    }
  }

  private ParameterException refused(String option, String message) {
    return new ParameterException(command.commandLine(), option + ": " + message);
  }

  private FutureUses firstPass(MachineFile file) throws IOException {
    if (trace.equals(TraceFiles.STANDARD)) {
      throw new InputException(
          "--policy: expected a policy that does not need the future: standard input can be read"
              + " only once");
    }
    try (TraceReader reader = TraceFiles.open(trace)) {
      return FirstPass.read(reader, file, limit == null ? Long.MAX_VALUE : limit);
    }
  }

  /** A file on the command line is found from here, not from the machine's folder. */
  private static String fromHere(String name, List<String> builtIn) {
    return builtIn.contains(name) ? name : Path.of(name).toAbsolutePath().toString();
  }

  private ReplayResult replay(TraceReader reader, Computer computer) throws IOException {
    ReplayOptions options = new ReplayOptions();
    series = over.begin(computer.costs(), options);
    if (limit != null) {
      options.limit(limit);
    }
    if (!terminal.interactive() || asJson) {
      return new Replayer(computer, reader, options).run();
    }
    try (ProgressBar bar = progressBar()) {
      options.progress(done -> {
        double part = reader.progress();
        bar.maxHint(part > 0 ? Math.max(done, Math.round(done / part)) : -1);
        bar.stepTo(done);
      });
      return new Replayer(computer, reader, options).run();
    }
  }

  private static ProgressBar progressBar() {
    return new ProgressBarBuilder()
        .setTaskName("replay")
        .setInitialMax(-1)
        .setUnit(" M", 1_000_000)
        .showSpeed()
        .setUpdateIntervalMillis(200)
        .setStyle(ProgressBarStyle.ASCII)
        .clearDisplayOnFinish()
        .build();
  }

  /** A policy, as the registry knows it. */
  static final class PolicyOption implements ITypeConverter<String> {
    @Override
    public String convert(String spec) {
      try {
        Policies.info(spec);
        return spec;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Whose pages may go. */
  static final class ScopeOption implements ITypeConverter<MachineFile.Scope> {
    @Override
    public MachineFile.Scope convert(String word) {
      return switch (word) {
        case "global" -> MachineFile.Scope.GLOBAL;
        case "process" -> MachineFile.Scope.PROCESS;
        default ->
            throw new TypeConversionException(
                "expected global or process, not " + Failures.quote(word));
      };
    }
  }

  /** A whole number from 1. */
  static final class Positive implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return from1(text, 1L << 40);
    }
  }

  /** A number of cores. */
  static final class Cores implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) from1(text, MachineFile.MOST_CORES);
    }
  }

  private static long from1(String text, long most) {
    long value = Numbers.parse(text, 63);
    if (value < 1 || value > most) {
      throw new TypeConversionException("expected 1 to " + most + ", not " + Failures.quote(text));
    }
    return value;
  }
}
