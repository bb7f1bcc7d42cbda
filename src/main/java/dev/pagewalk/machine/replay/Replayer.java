package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.CostModel;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replays a trace on a machine, in one thread: the same trace, machine and options give the same
 * figures.
 *
 * <p>Each access goes through a core's TLBs, the page tables and, if it faults, the kernel. A
 * replayer is used once, and its machine for one replay.
 */
public final class Replayer {
  private final Computer computer;
  private final ReplayOptions options;
  private final TraceReader trace;
  private final Processes processes;
  private final Refusals refusals = new Refusals(this::accesses);
  private final List<CoreLoop> loops = new ArrayList<>();
  private final Meter meter;
  private final AccessBatch batch = new AccessBatch();
  private long done;
  private long nextSample;

  /** A replay of {@code trace} that has not begun. */
  public Replayer(Computer computer, TraceReader trace, ReplayOptions options) {
    this.computer = computer;
    this.trace = trace;
    this.options = options;
    this.processes = new Processes(computer, trace);
    this.meter = new Meter(computer, loops, processes);
    this.nextSample = options.interval();
    CostModel costs = computer.costs();
    var setting = new Watch.Setting(new NodeMap(computer.file()), options.listener(), refusals);
    for (Core core : computer.machine().cores()) {
      boolean flat = costs.caches().isEmpty();
      TableCaches caches = flat ? null : new TableCaches(computer.memory(), costs.caches());
      loops.add(new CoreLoop(core, new Watch(core, loops.size(), caches, setting)));
    }
  }

  /**
   * Replays all of the trace, or as much as the options say.
   *
   * @throws IOException if the trace cannot be read
   */
  public ReplayResult run() throws IOException {
    Slices slices = new Slices(trace, computer.file().quantum(), loops.size(), options.limit());
    while (slices.next(batch)) {
      replay(slices.core());
      done += batch.size;
      options.progress().accept(done);
    }
    if (options.samples() != null && nextSample - options.interval() < done) {
      sample();
    }
    return result();
  }

  /** How many accesses have been replayed; may be asked by another thread. */
  public long accesses() {
    long sum = 0;
    for (CoreLoop loop : loops) {
      sum += loop.accesses();
    }
    return sum;
  }

  /** Replays a batch, run by run: those of one process on one core, up to the next sample. */
  private void replay(int core) throws IOException {
    int from = 0;
    while (from < batch.size) {
      int to = (int) Math.min(batch.size, nextSample - done);
      ReplayProcess process = processes.get(AccessBatch.process(batch.what[from]));
      if (process.killed) {
        from = skip(process, from, to);
      } else {
        int on = core == Slices.BY_PROCESS ? process.number % loops.size() : core;
        from = loops.get(on).run(batch, from, to, process);
      }
      if (done + from == nextSample) {
        sample();
        nextSample += options.interval();
      }
    }
  }

  private int skip(ReplayProcess process, int from, int to) {
    int i = from;
    while (i < to && AccessBatch.process(batch.what[i]) == process.number) {
      i++;
    }
    process.skipped += i - from;
    return i;
  }

  private void sample() {
    options.samples().sample(meter.read(), residentPages());
  }

  private long residentPages() {
    return processes.all().stream().mapToLong(process -> process.mm.residentPages()).sum();
  }

  private ReplayResult result() {
    Counts counts = meter.read();
    List<ReplayResult.ProcessResult> each = new ArrayList<>();
    long tables = 0;
    for (ReplayProcess process : processes.all()) {
      each.add(process.result());
      tables += process.mm.pageTablePages();
    }
    return new ReplayResult(
        counts,
        EffectiveTime.of(counts, computer.costs()),
        List.copyOf(each),
        residentPages(),
        tables,
        refusals.first());
  }
}
