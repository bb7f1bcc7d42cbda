package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.TlbEntry;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine with its processes, and what has happened to it: a function of the machine's line and
 * of the statements carried out. Used by one thread at a time.
 */
public final class Classroom implements AutoCloseable {
  /** Reports that keep their walks. */
  private static final int DETAILED = 24;

  private final MachineLine line;
  private final Computer computer;
  private final Core core;
  private final Processes processes = new Processes();
  private final Map<String, FileObject> files = new LinkedHashMap<>();
  private final List<Report> reports = new ArrayList<>();
  private final List<Figures> series = new ArrayList<>();
  private final List<Statement.View> views = new ArrayList<>();
  private final Accesses accesses;
  private final Calls calls;
  private final Hardware hardware;
  private String panic = "";
  private long made;
  private long copies;

  /** When each frame was last used, by accesses made until then. */
  private final Map<Long, Long> lastUse = new HashMap<>();

  /** A new machine. */
  public Classroom(MachineLine line) {
    this.line = line;
    try {
      computer = line.make();
    } catch (InputException e) {
      throw new IllegalStateException("a machine that was made before", e);
    }
    Machine machine = computer.machine();
    core = machine.cores().getFirst();
    machine.kernel().setClock(() -> made);
    accesses = new Accesses(core, computer.memory(), new Deeds(machine.kernel(), processes));
    calls = new Calls(computer, processes, files);
    hardware = new Hardware(computer, core, processes);
  }

  /**
   * Carries a statement out.
   *
   * @throws ScenarioException if it cannot be done: nothing has changed then
   */
  public Report perform(Scenario.Step step) throws ScenarioException {
    boolean looks =
        step.statement() instanceof Statement.Show || step.statement() instanceof Statement.Expect;
    if (!panic.isEmpty() && !looks) {
      throw new ScenarioException("the kernel has stopped (" + panic + "): undo, or start anew");
    }
    if (step.statement().process() != null) {
      processes.get(step.statement().process());
    }
    Report report;
    try {
      report = carryOut(step.statement());
    } catch (IllegalStateException | IndexOutOfBoundsException | IllegalArgumentException e) {
      // Entries that somebody has flipped are none that the kernel would ever make.
      panic = String.valueOf(e.getMessage());
      report =
          Report.of(
              "The kernel stops: it met tables that it would never make (" + panic + ").",
              Report.PANIC,
              0);
    }
    processes.removeDead(computer.machine().kernel().addressSpaces());
    return keep(report.numbered(reports.size() + 1, step.text()));
  }

  private Report keep(Report report) {
    copies += report.marks().stream().filter("copy"::equals).count();
    reports.add(report);
    if (reports.size() > DETAILED) {
      int old = reports.size() - 1 - DETAILED;
      reports.set(old, reports.get(old).shortened());
    }
    series.add(figures());
    return report;
  }

  private Report carryOut(Statement statement) throws ScenarioException {
    return switch (statement) {
      case Statement.Access access -> access(access);
      case Statement.Switch s -> {
        hardware.load(processes.get(s.process()));
        yield Report.of(
            s.process() + " runs: CR3 holds " + Hex.of(core.mmu().registers().cr3()) + '.',
            Report.OK,
            0);
      }
      case Statement.Flip flip -> hardware.flip(flip);
      case Statement.SetRegister set -> hardware.set(set);
      case Statement.Invlpg invlpg -> hardware.invlpg(invlpg.address());
      case Statement.Flush flush -> hardware.flush(flush.everything());
      case Statement.View view -> {
        views.add(view);
        yield Report.of(
            "The page shows %d pages from %s.".formatted(view.pages(), Hex.of(view.address())),
            Report.OK,
            0);
      }
      case Statement.Show show -> show(show);
      case Statement.Expect expect -> Expectation.judge(expect.what(), lastReal());
      case Statement.NewProcess create -> {
        Report report = calls.perform(statement);
        AddressSpace mm = processes.alive().get(create.name());
        if (mm != null) {
          hardware.load(mm);
        }
        yield report;
      }
      default -> calls.perform(statement);
    };
  }

  private Report show(Statement.Show show) throws ScenarioException {
    Statement.Show whole = show;
    Statement.Access access = show.access();
    if (access != null && access.process() == null) {
      whole = new Statement.Show(show.what(), null, access.by(processes.nameOf(core.loaded())));
    }
    try {
      return Report.shown(new Display(this).of(whole));
    } catch (IllegalStateException | IndexOutOfBoundsException | IllegalArgumentException e) {
      // As the kernel stops at such tables, who looks with its eyes sees nothing.
      return Report.of(
          "The tables are none that can be shown: " + e.getMessage(), Report.REFUSED, 0);
    }
  }

  /** The last report of something that happened on the machine. */
  private Report lastReal() throws ScenarioException {
    for (int i = reports.size() - 1; i >= 0; i--) {
      String statement = reports.get(i).statement();
      if (!statement.startsWith("expect ") && !statement.startsWith("show ")) {
        return reports.get(i);
      }
    }
    throw new ScenarioException("expected a statement before this one");
  }

  private Report access(Statement.Access access) throws ScenarioException {
    hardware.load(processes.get(access.process()));
    made++;
    Report report = accesses.make(access);
    Attempt last = report.last();
    if (last.reached()) {
      lastUse.put(last.answer() >>> 12, made);
      if (computer.machine().kernel().wantsAccesses()) {
        computer.machine().kernel().accessed(last.answer() >>> 12, made);
      }
    }
    if (report.signal().startsWith("SIGKILL")) {
      computer.machine().exit(processes.get(access.process()));
    }
    return report;
  }

  // --- for those who look ---

  /** What it was made from. */
  public MachineLine line() {
    return line;
  }

  /** Memory, cores and kernel. */
  public Computer computer() {
    return computer;
  }

  /** The one core that statements run on. */
  public Core core() {
    return core;
  }

  /** The core's MMU. */
  public Mmu mmu() {
    return core.mmu();
  }

  /** Its processes. */
  public Processes processes() {
    return processes;
  }

  /** Everything told so far. */
  public List<Report> reports() {
    return Collections.unmodifiableList(reports);
  }

  /** The figures after each statement. */
  public List<Figures> series() {
    return Collections.unmodifiableList(series);
  }

  /** What the page shows; the whole of a classroom's address space if nobody has said. */
  List<Statement.View> views() {
    return views.isEmpty() ? List.of(new Statement.View(0, 16)) : List.copyOf(views);
  }

  /** Why the kernel has stopped; empty if it has not. */
  public String panic() {
    return panic;
  }

  /**
   * What the tables say of {@code wanted} now; nothing is changed.
   *
   * @throws ScenarioException if its process is not alive
   */
  public WalkResult walk(Statement.Access wanted) throws ScenarioException {
    AddressSpace mm = processes.get(wanted.process());
    return new ReferenceWalk(computer.memory(), mmu().cpu(), hardware.registersOf(mm))
        .probe(wanted.asMade());
  }

  /** Whether the tables of the process that runs say otherwise; of other PCIDs nobody asks. */
  public boolean isStale(TlbEntry entry) {
    return hardware.isStale(entry);
  }

  /** The place of each frame in the order of use: 0 was used last. */
  public Map<Long, Integer> useOrder() {
    List<Long> frames = new ArrayList<>(lastUse.keySet());
    frames.sort(Comparator.comparing(lastUse::get).reversed());
    Map<Long, Integer> order = new HashMap<>();
    frames.forEach(frame -> order.put(frame, order.size()));
    return order;
  }

  /** What has been counted. */
  public Figures figures() {
    return Figures.of(this, made, copies);
  }

  @Override
  public void close() {
    computer.close();
  }
}
