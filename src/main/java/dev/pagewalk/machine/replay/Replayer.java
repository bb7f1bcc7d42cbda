package dev.pagewalk.machine.replay;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.CostModel;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.machine.ParallelMachine;
import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replays a trace on a machine. In one thread, the same trace, machine and options give the same
 * figures; a machine whose cores have threads makes the same accesses, in an order that differs
 * from run to run.
 *
 * <p>Each access goes through a core's TLBs, the page tables and, if it faults, the kernel. A
 * replayer is used once, and its machine for one replay.
 */
public final class Replayer {
  private final Computer computer;
  private final Machine machine;
  private final ReplayOptions options;
  private final TraceReader trace;
  private final Processes processes;
  private final Refusals refusals = new Refusals(this::accesses);
  private final List<CoreLoop> loops = new ArrayList<>();
  private final Meter meter;
  private final long tickEvery;
  private long done;
  private long nextSample;
  private long nextTick;

  /**
   * A replay of {@code trace} that has not begun.
   *
   * @throws IllegalArgumentException if the machine's policy is told of each access, and its cores
   *     have threads
   */
  public Replayer(Computer computer, TraceReader trace, ReplayOptions options) {
    this.computer = computer;
    this.machine = computer.machine();
    this.trace = trace;
    this.options = options;
    this.processes = new Processes(computer, trace);
    this.meter = new Meter(computer, loops, processes);
    this.nextSample = options.interval();
    this.tickEvery = computer.file().kernel().tick();
    this.nextTick = tickEvery;
    boolean parallel = machine instanceof ParallelMachine;
    Kernel kernel = machine.kernel();
    if (parallel && (kernel.wantsAccesses() || options.samples() != null)) {
      throw new IllegalArgumentException(
          "with threads, expected a policy that is not told of each access, and no samples");
    }
    CostModel costs = computer.costs();
    Clock clock = parallel ? null : new Clock();
    var nodes = new NodeMap(computer.file());
    var setting = new Watch.Setting(machine, nodes, clock, options.listener(), refusals);
    for (Core core : machine.cores()) {
      boolean flat = costs.caches().isEmpty();
      TableCaches caches = flat ? null : new TableCaches(computer.memory(), costs.caches());
      loops.add(new CoreLoop(core, new Watch(core, loops.size(), caches, setting)));
    }
    kernel.setClock(this::pageAccesses);
    kernel.onOomKill(this::end);
  }

  /**
   * Replays all of the trace, or as much as the options say.
   *
   * @throws IOException if the trace cannot be read
   */
  public ReplayResult run() throws IOException {
    Slices slices = new Slices(trace, computer.file().quantum(), loops.size(), options.limit());
    if (machine instanceof ParallelMachine parallel) {
      new CoreThreads(parallel, loops, processes, tickEvery).run(slices, options.progress());
      return result();
    }
    AccessBatch batch = new AccessBatch();
    while (slices.next(batch)) {
      replay(batch, slices.core());
      done += batch.size;
      options.progress().accept(done);
    }
    if (options.samples() != null && nextSample - options.interval() < done) {
      sample();
    }
    return result();
  }

  /**
   * How many accesses have been made; may be asked by another thread, which sees some time of late.
   */
  public long accesses() {
    return clocks().stream().mapToLong(Clock::accesses).sum();
  }

  private long pageAccesses() {
    return clocks().stream().mapToLong(Clock::pageAccesses).sum();
  }

  private List<Clock> clocks() {
    return loops.stream().map(loop -> loop.watch().clock()).distinct().toList();
  }

  /** Replays a batch, run by run: those of one process on one core, up to the next event. */
  private void replay(AccessBatch batch, int core) throws IOException {
    int from = 0;
    while (from < batch.size) {
      int to = (int) Math.min(batch.size, Math.min(nextSample, nextTick) - done);
      ReplayProcess process = processes.get(AccessBatch.process(batch.what[from]));
      int on = core == Slices.BY_PROCESS ? process.number % loops.size() : core;
      from = loops.get(on).runOrSkip(batch, from, to, process);
      if (done + from == nextTick) {
        machine.tick(loops.get(on).core());
        nextTick += tickEvery;
      }
      if (done + from == nextSample) {
        sample();
        nextSample += options.interval();
      }
    }
  }

  /** Ends a process that was chosen because memory is out. */
  private void end(AddressSpace mm) {
    processes.all().stream().filter(process -> process.mm == mm).forEach(ReplayProcess::kill);
    machine.exit(mm);
  }

  private void sample() {
    options.samples().sample(meter.read(), residentPages());
  }

  private long residentPages() {
    return machine.kernel().rootGroup().current();
  }

  private ReplayResult result() {
    Counts counts = meter.read();
    List<ReplayResult.ProcessResult> each = new ArrayList<>();
    long tables = 0;
    for (ReplayProcess process : processes.all()) {
      each.add(process.result());
      tables += process.isKilled() ? 0 : process.mm.pageTablePages();
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
