package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.classroom.Classroom;
import dev.pagewalk.machine.classroom.MachineLine;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import dev.pagewalk.machine.classroom.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagewalk run}: a scenario's statements, carried out and told one by one. */
@Command(
    name = "run",
    description = {
      "Carries out a scenario: processes, system calls, accesses, bits flipped behind the kernel's"
          + " back, and what is expected of them. docs/classroom.md has the language.",
      "The exit status is 1 if an expectation is not met."
    })
final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "SCENARIO",
      description = "a file, - for standard input, or a preset as fork-cow")
  private String source;

  @Option(
      names = "--machine",
      paramLabel = "NAME|FILE",
      description =
          "classroom, laptop, server, or a file that describes one, in place of the scenario's"
              + " machine")
  private String machine;

  @Option(names = "--json", description = "one JSON object a statement")
  private boolean json;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InputException {
    ScenarioSource read = ScenarioSource.read(source, System.in);
    Scenario scenario = read.scenario();
    MachineLine line = machine == null ? scenario.machine() : MachineLine.of(machine);
    try (RunOutput output = json ? new RunJson(terminal, read) : new RunText(terminal, read);
        Classroom room = new Classroom(line)) {
      output.begin(line);
      return carryOut(read, room, output) ? Main.OK : Main.NO;
    }
  }

  /** Whether all went as expected. */
  private static boolean carryOut(ScenarioSource read, Classroom room, RunOutput output)
      throws InputException {
    List<Scenario.Step> steps = read.scenario().steps();
    boolean good = true;
    boolean panicExpected = false;
    int done = 0;
    for (int i = 0; i < steps.size(); i++) {
      Statement statement = steps.get(i).statement();
      boolean looks = statement instanceof Statement.Expect || statement instanceof Statement.Show;
      if (!room.panic().isEmpty() && !looks) {
        break;
      }
      Report report = perform(read, room, i);
      output.report(i, report);
      done++;
      good &= !report.outcome().equals(Report.FAILED);
      panicExpected |=
          statement instanceof Statement.Expect expect && expect.what().equals("panic");
    }
    good &= room.panic().isEmpty() || (panicExpected && done == steps.size());
    output.end(done, room.panic());
    return good;
  }

  private static Report perform(ScenarioSource read, Classroom room, int index)
      throws InputException {
    try {
      return room.perform(read.scenario().steps().get(index));
    } catch (ScenarioException e) {
      Scenario.Place place = read.scenario().places().get(index);
      throw ScenarioSource.at(read.name(), place.line(), place.column(), e.getMessage());
    }
  }
}
