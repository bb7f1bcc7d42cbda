package dev.pagewalk.vectors;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs scenarios on one machine, and compares each step layer by layer. Not thread-safe. */
final class ScenarioRunner {
  private final ScenarioMachine machine;

  ScenarioRunner(ScenarioMachine machine) {
    this.machine = machine;
  }

  /** The name of the model of processor. */
  String model() {
    return machine.model();
  }

  /**
   * Runs {@code scenario} to its end, whatever differs on the way.
   *
   * <p>A Java exception is a bug of ours; it ends the scenario, which fails in all layers.
   */
  ScenarioVerdict run(Scenario scenario) {
    ScenarioVerdict verdict = new ScenarioVerdict();
    run(scenario, verdict);
    return verdict;
  }

  /** The same, and tells {@code verdict} of every difference. */
  void run(Scenario scenario, ScenarioVerdict verdict) {
    Run run = new Run(scenario, verdict);
    try {
      run.all();
    } catch (RuntimeException e) {
      for (Layer layer : Layer.values()) {
        verdict.differs(layer, run.difference("", "no exception of ours", Bugs.text(e)));
      }
    } finally {
      machine.end();
    }
  }

  /** One run. */
  private final class Run {
    private final Scenario scenario;
    private final ScenarioVerdict verdict;
    private final ExpectedState expected;
    private final StateReader reader;
    private int number;

    Run(Scenario scenario, ScenarioVerdict verdict) {
      this.scenario = scenario;
      this.verdict = verdict;
      this.expected = new ExpectedState(scenario.dropped());
      this.reader = new StateReader(scenario.dropped());
    }

    void all() {
      machine.start(scenario);
      for (ScenarioStep step : scenario.steps()) {
        number++;
        ScenarioAnswer answer = machine.perform(step);
        compareOutcome(step, answer);
        compareFaults(step, answer);
        expected.apply(step, machine.names());
        compareStates();
      }
      number = 0;
      compareEnd();
    }

    ScenarioVerdict.Difference difference(String what, Object wanted, Object got) {
      String place =
          number == 0
              ? "at the end"
              : "step " + number + ": " + OperationText.of(scenario.steps().get(number - 1));
      return new ScenarioVerdict.Difference(
          number,
          place + (what.isEmpty() ? "" : ": " + what),
          String.valueOf(wanted),
          String.valueOf(got));
    }

    private void differs(Layer layer, String what, Object wanted, Object got) {
      verdict.differs(layer, difference(what, wanted, got));
    }

    private void compareOutcome(ScenarioStep step, ScenarioAnswer answer) {
      compareValues(step, answer, Layer.RESULTS);
      compareValues(step, answer, Layer.FAULTS);
    }

    private void compareValues(ScenarioStep step, ScenarioAnswer answer, Layer layer) {
      boolean counts = layer == Layer.FAULTS;
      SequencedMap<String, String> wanted = new TreeMap<>();
      SequencedMap<String, String> got = new TreeMap<>(answer.values());
      step.outcome()
          .forEach((key, value) -> {
            Optional<String> text = value.text(machine.names());
            text.ifPresentOrElse(known -> wanted.put(key, known), () -> got.remove(key));
          });
      if (step.operation() instanceof Operation.FileRead && "0".equals(wanted.get("ret"))) {
        // Nothing was read: the value is what the recording program had in its buffer before.
        wanted.remove("val");
      }
      wanted.keySet().removeIf(key -> OutcomeParser.isCount(key) != counts);
      got.keySet().removeIf(key -> OutcomeParser.isCount(key) != counts);
      if (!wanted.equals(got)) {
        differs(layer, "", wanted, got);
      }
    }

    private void compareFaults(ScenarioStep step, ScenarioAnswer answer) {
      if (step.faults().isEmpty()) {
        return;
      }
      List<ScenarioAnswer.Fault> wanted =
          step.faults().get().stream()
              .map(fault -> new ScenarioAnswer.Fault(fault.at().in(machine.names()), fault.error()))
              .toList();
      boolean copy =
          step.operation() instanceof Operation.CopyFrom
              || step.operation() instanceof Operation.CopyTo;
      boolean same =
          copy
              ? new HashSet<>(wanted).equals(new HashSet<>(answer.faults()))
              : wanted.equals(answer.faults());
      if (!same) {
        differs(Layer.FAULTS, "page faults", wanted, answer.faults());
      }
    }

    private void compareStates() {
      Map<String, ProcessState> now = reader.read(machine.processes(), machine.outside());
      TreeSet<String> names = new TreeSet<>(now.keySet());
      names.addAll(expected.states().keySet());
      for (String name : names) {
        ProcessState wanted = expected.states().getOrDefault(name, ProcessState.EMPTY);
        ProcessState got = now.getOrDefault(name, ProcessState.EMPTY);
        compareLines(Layer.VMAS, name, wanted.vmas(), got.vmas());
        compareLines(Layer.PAGES, name, wanted.pages(), got.pages());
        compareCounters(name, wanted, got);
      }
    }

    private void compareLines(Layer layer, String process, List<?> wanted, List<?> got) {
      if (!wanted.equals(got)) {
        differs(layer, "of " + process, Lines.only(wanted, got), Lines.only(got, wanted));
      }
    }

    private void compareCounters(String process, ProcessState wanted, ProcessState got) {
      if (wanted.tables() != got.tables()) {
        differs(Layer.COUNTERS, "page-table pages of " + process, wanted.tables(), got.tables());
      }
      if (wanted.smaps().equals(got.smaps())) {
        return;
      }
      boolean writeBack = scenario.usesExt4() && WriteBack.mayExplain(wanted.smaps(), got.smaps());
      ScenarioVerdict.Difference difference =
          difference(
              "smaps of " + process,
              Lines.only(wanted.smaps(), got.smaps()),
              Lines.only(got.smaps(), wanted.smaps()));
      if (writeBack) {
        verdict.differsByWriteBack(difference);
      } else {
        verdict.differs(Layer.COUNTERS, difference);
      }
    }

    private void compareEnd() {
      EndReader end = new EndReader(machine);
      scenario
          .end()
          .memory()
          .forEach((process, contents) -> {
            List<String> wanted = EndReader.lines(contents, machine.names());
            List<String> got = end.memory(process);
            compareLines(Layer.CONTENTS, process, wanted, got);
          });
      scenario
          .end()
          .files()
          .forEach((name, file) -> {
            Scenario.FileEnd got = end.file(name);
            if (!file.equals(got)) {
              differs(Layer.CONTENTS, "file " + name, file, got);
            }
          });
    }
  }
}
