package dev.pagewalk.machine.sweep;

import dev.pagewalk.kernel.policy.FutureUses;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.PolicyCounts;
import dev.pagewalk.kernel.policy.PolicySimulation;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.machine.curve.PageStream;
import dev.pagewalk.machine.replay.Counter;
import dev.pagewalk.machine.replay.Counts;
import dev.pagewalk.machine.replay.FirstPass;
import dev.pagewalk.machine.replay.ReplayOptions;
import dev.pagewalk.machine.replay.ReplayResult;
import dev.pagewalk.machine.replay.Replayer;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceOptions;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;

/** Runs a cell of a sweep: a policy alone, or a machine with all that belongs to it. */
final class CellRunner {
  private final TraceOptions options;

  /** What {@link #future} gave last; cells of the same trace come one after another. */
  private FutureUses latest;

  private SweepCell latestCell;

  CellRunner(TraceOptions options) {
    this.options = options;
  }

  /**
   * Runs a cell; threads may do so at the same time.
   *
   * @throws IOException if a trace or a file cannot be read
   */
  SweepResult run(SweepCell cell) throws IOException {
    FutureUses future = Policies.needsFuture(cell.policy()) ? future(cell) : null;
    try (TraceReader trace = TraceFiles.open(cell.trace(), options)) {
      return cell.isAlone() ? alone(cell, trace, future) : onMachine(cell, trace, future);
    }
  }

  private static SweepResult alone(SweepCell cell, TraceReader trace, FutureUses future)
      throws IOException {
    PolicySimulation simulation = PolicySimulation.of(cell.policy(), cell.frames(), future);
    PageStream pages = new PageStream(trace);
    int[] batch = new int[PageStream.CAPACITY];
    for (int count = pages.next(batch); count > 0; count = pages.next(batch)) {
      simulation.run(batch, count);
    }
    PolicyCounts counts = simulation.counts();
    return new SweepResult(
        cell,
        "",
        pages.accesses(),
        counts.accesses(),
        counts.faults(),
        SweepResult.NOT_KNOWN,
        counts.evictions(),
        counts.writeBacks(),
        SweepResult.NOT_KNOWN,
        null);
  }

  private static SweepResult onMachine(SweepCell cell, TraceReader trace, FutureUses future)
      throws IOException {
    String name = cell.machine();
    MachineBuilder builder =
        new MachineBuilder(Machines.load(name), Machines.folder(name))
            .frames((long) cell.frames())
            .policy(cell.policy())
            .future(future);
    if (!cell.cpu().isEmpty()) {
      // A file is found from here, not from the machine's folder.
      boolean isName = CpuModels.names().contains(cell.cpu());
      builder.cpu(isName ? cell.cpu() : Path.of(cell.cpu()).toAbsolutePath().toString());
    }
    try (Computer computer = Computer.of(builder)) {
      ReplayResult result = new Replayer(computer, trace, new ReplayOptions()).run();
      Counts counts = result.counts();
      return new SweepResult(
          cell,
          computer.cpu(),
          counts.of(Counter.ACCESSES),
          counts.pageAccesses(),
          counts.faults(),
          counts.of(Counter.MAJOR_FAULTS),
          counts.of(Counter.EVICTIONS),
          counts.of(Counter.WRITE_BACKS),
          counts.of(Counter.WALKS),
          result.time().perAccess());
    }
  }

  /** The first pass over a trace, which cells of the same trace and machine share. */
  private synchronized FutureUses future(SweepCell cell) throws IOException {
    boolean isKnown =
        latestCell != null
            && cell.trace().equals(latestCell.trace())
            && cell.machine().equals(latestCell.machine());
    if (!isKnown) {
      latest = null;
      latestCell = null;
      try (TraceReader trace = TraceFiles.open(cell.trace(), options)) {
        latest =
            cell.isAlone()
                ? futureOf(new PageStream(trace))
                : FirstPass.read(trace, Machines.load(cell.machine()), Long.MAX_VALUE);
      }
      latestCell = cell;
    }
    return latest;
  }

  private static FutureUses futureOf(PageStream pages) throws IOException {
    FutureUses uses = new FutureUses();
    int[] batch = new int[PageStream.CAPACITY];
    for (int count = pages.next(batch); count > 0; count = pages.next(batch)) {
      uses.append(batch, count);
    }
    return uses;
  }
}
