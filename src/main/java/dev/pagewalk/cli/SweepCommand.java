package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.machine.sweep.FrameCounts;
import dev.pagewalk.machine.sweep.Sweep;
import dev.pagewalk.machine.sweep.SweepCell;
import dev.pagewalk.machine.sweep.SweepFile;
import dev.pagewalk.machine.sweep.SweepPlan;
import dev.pagewalk.machine.sweep.SweepShard;
import dev.pagewalk.trace.TraceFormat;
import dev.pagewalk.trace.TraceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pagewalk sweep}: many replays, a row each; or LRU's curve from one pass. */
@Command(
    name = "sweep",
    description = {
      "Replays traces on a grid of machines, policies, numbers of frames and models of processors,"
          + " on all cores, and prints a row of CSV for each. With --output it goes on where it was"
          + " stopped. With --curve: the faults of LRU with every number of frames, from one pass."
    })
final class SweepCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..*",
      paramLabel = "TRACE",
      description = "files of any known format, or generators as zipf:pages=1024,count=1M")
  private List<String> traces = new ArrayList<>();

  @Option(
      names = {"--machines", "--machine"},
      paramLabel = "LIST",
      description =
          "machines, by name or file, with commas between; alone: policies alone, with frames and"
              + " nothing else (default: alone)")
  private String machines = SweepPlan.ALONE;

  @Option(
      names = {"--policies", "--policy"},
      paramLabel = "LIST",
      description = "policies, with commas between; all: every one (default: lru)")
  private String policies = "lru";

  @Option(
      names = "--frames",
      paramLabel = "LIST",
      description = "numbers of frames: 4,6,8 or 1..16 or 100..1000+100 or 16..4096*2")
  private String frames;

  @Option(
      names = {"--cpus", "--cpu"},
      paramLabel = "LIST",
      description = "models of processors, with commas between (default: each machine's)")
  private String cpus = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "where the rows go; if it has some of this sweep, it goes on behind them")
  private Path output;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "only part I of N, 0/N to N-1/N or 1/N to N/N; sweep merge joins the files")
  private String shard = "0/1";

  @Option(
      names = "--jobs",
      converter = ReplayCommand.Cores.class,
      paramLabel = "N",
      description = "replays at a time (default: a core each)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--format",
      converter = ConvertCommand.FormatName.class,
      paramLabel = "FORMAT",
      description = "the format of the traces (default: recognised)")
  private TraceFormat format;

  @Option(
      names = "--skip-malformed",
      description = "pass over malformed lines and records (default: stop)")
  private boolean skipMalformed;

  @Option(names = "--curve", description = "faults of LRU with every number of frames")
  private boolean curve;

  @Option(
      names = "--working-set",
      description = "average sizes of the working set, for windows of powers of two")
  private boolean workingSet;

  @Option(
      names = "--sample",
      paramLabel = "RATE",
      description = "with --curve: an estimate from this part of the pages, as 0.01")
  private Double rate;

  @Option(
      names = "--sample-pages",
      paramLabel = "N",
      description = "with --curve: an estimate from so many pages at most")
  private Integer samplePages;

  @Option(names = "--json", description = "JSON for a program: a line for each row")
  private boolean asJson;

  @Spec private CommandSpec command;

  SweepCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (traces.isEmpty()) {
      throw mistake("expected TRACE, or the command merge");
    }
    var options = new TraceOptions(format, skipMalformed, System.in);
    if (curve || workingSet) {
      var output = new CurveOutput(terminal, options, asJson);
      if (workingSet) {
        output.workingSets(traces);
      } else {
        output.curves(traces, checkedRate(), samplePages);
      }
      return Main.OK;
    }
    if (rate != null || samplePages != null) {
      throw mistake("expected --curve with --sample");
    }
    SweepPlan plan = plan();
    String id = plan.id();
    List<SweepCell> all = plan.cells();
    List<SweepCell> cells = parsed("--shard", shard, SweepShard::parse).of(all);
    try (SweepFile file = output == null ? null : SweepFile.open(output, id, all.size())) {
      var rows = new SweepOutput(terminal, new SweepOutput.Of(id, all.size()), file, asJson);
      run(rows.missing(cells), options, rows);
      rows.finish();
    }
    return Main.OK;
  }

  private SweepPlan plan() throws InputException {
    if (frames == null) {
      throw mistake("expected --frames, as --frames 4,6,8 or --frames 16..4096*2");
    }
    List<String> machineList = List.of(machines.split(",", -1));
    for (String machine : machineList) {
      if (!machine.equals(SweepPlan.ALONE)) {
        Machines.load(machine);
      }
    }
    List<String> cpuList = List.of(cpus.split(",", -1));
    for (String cpu : cpuList) {
      if (!cpu.isEmpty() && !CpuModels.names().contains(cpu)) {
        CpuModels.read(Path.of(cpu));
      }
    }
    return new SweepPlan(
        traces,
        machineList,
        cpuList,
        parsed("--policies", policies, SweepCommand::policyList),
        parsed("--frames", frames, FrameCounts::parse));
  }

  /** A part with = and without : belongs to the policy before it. */
  private static List<String> policyList(String text) {
    List<String> specs = new ArrayList<>();
    if (text.equals("all")) {
      return Policies.names();
    }
    for (String part : text.split(",", -1)) {
      boolean isParameter = part.indexOf('=') >= 0 && part.indexOf(':') < 0 && !specs.isEmpty();
      specs.add(isParameter ? specs.removeLast() + "," + part : part);
    }
    return specs.stream().map(Policies::canonical).toList();
  }

  private void run(List<SweepCell> cells, TraceOptions options, SweepOutput rows)
      throws IOException {
    Sweep sweep = new Sweep(jobs, options);
    if (!terminal.interactive() || output == null) {
      sweep.run(cells, rows::add);
      return;
    }
    try (ProgressBar bar = progressBar(cells.size())) {
      sweep.run(
          cells,
          result -> {
            rows.add(result);
            bar.step();
          });
    }
  }

  private Double checkedRate() {
    if (rate != null && samplePages != null) {
      throw mistake("expected --sample or --sample-pages, not both");
    }
    if (rate != null && !(rate > 0 && rate <= 1)) {
      throw mistake("--sample: expected a part above 0, at most 1");
    }
    if (samplePages != null && samplePages < 1) {
      throw mistake("--sample-pages: expected a number from 1");
    }
    return rate;
  }

  private <T> T parsed(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw mistake(option + ": " + e.getMessage());
    }
  }

  private ParameterException mistake(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private static ProgressBar progressBar(int cells) {
    return new ProgressBarBuilder()
        .setTaskName("sweep")
        .setInitialMax(cells)
        .setUpdateIntervalMillis(200)
        .setStyle(ProgressBarStyle.ASCII)
        .clearDisplayOnFinish()
        .build();
  }
}
