package dev.pagewalk.vectors;

import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The engines of one thread, over one memory: every vector is put to each of them in turn, and
 * every scenario to machines with cores of each model of processor.
 *
 * <p>A vector counts once: it passes if all of them answer as observed. Evidence is weighed with
 * the reference walk under every preset, whoever else answers.
 */
final class Panel implements AutoCloseable {
  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final List<VectorRunner> runners = new ArrayList<>();
  private final Map<String, VectorRunner> presets = new LinkedHashMap<>();
  private final Supplier<ScenarioPanel> scenarios;
  private ScenarioPanel scenarioPanel;

  /** A vector or a scenario, and where it stands. */
  record Placed(Case test, String file, long line) {}

  Panel(Engines engines, ModelChoices choices) {
    SpecEngine spec = new SpecEngine(memory);
    if (engines.includeSpec()) {
      runners.add(new VectorRunner(spec, choices));
    }
    engines.mmus(memory).forEach(mmu -> runners.add(new VectorRunner(mmu, choices)));
    ModelPresets.all().forEach((name, set) -> presets.put(name, new VectorRunner(spec, set)));
    scenarios = () -> new ScenarioPanel(engines.models(), choices);
  }

  /** Puts {@code placed} to the engines and adds their answer to {@code report}. */
  void judge(Placed placed, VerifyReport report) {
    VerifyReport.Place place = new VerifyReport.Place(placed.file, placed.line, placed.test.name());
    switch (placed.test) {
      case WalkVector vector when vector.isEvidence() -> weigh(vector, report);
      case WalkVector vector -> run(vector, place, report);
      case Scenario scenario -> {
        if (scenarioPanel == null) {
          scenarioPanel = scenarios.get();
        }
        scenarioPanel.judge(scenario, place, report);
      }
    }
  }

  @Override
  public void close() {
    memory.close();
    if (scenarioPanel != null) {
      scenarioPanel.close();
    }
  }

  private void run(WalkVector vector, VerifyReport.Place place, VerifyReport report) {
    Map<VectorRunner, Verdict.Failed> wrong = new LinkedHashMap<>(0);
    for (VectorRunner runner : runners) {
      if (runner.run(vector) instanceof Verdict.Failed failed) {
        wrong.put(runner, failed);
      }
    }
    if (wrong.isEmpty()) {
      report.pass(vector.group());
      return;
    }
    report.fail(vector.group(), () -> failure(vector, place, wrong));
  }

  private static VerifyReport.Failure failure(
      WalkVector vector, VerifyReport.Place place, Map<VectorRunner, Verdict.Failed> wrong) {
    WrongAnswers answers = new WrongAnswers();
    wrong.forEach((runner, failed) -> {
      int number = failed.step();
      String action = Describe.action(vector.steps().get(number - 1).action());
      var said =
          new WrongAnswers.Said("step " + number + ": " + action, failed.expected(), failed.got());
      answers.add(runner.engineName(), said, () -> runner.explain(vector, number));
    });
    return new VerifyReport.Failure(place, answers.list());
  }

  /** Finds which presets give which side's answers. */
  private void weigh(WalkVector vector, VerifyReport report) {
    report.countEvidence();
    for (Map.Entry<String, VectorRunner> preset : presets.entrySet()) {
      VectorRunner runner = preset.getValue();
      boolean reproduced = runner.run(vector) instanceof Verdict.Passed;
      for (String source : vector.sources()) {
        report.evidence(preset.getKey(), source, reproduced);
      }
      for (Map.Entry<String, List<Step>> side : vector.differs().entrySet()) {
        boolean same = runner.run(vector, side.getValue()) instanceof Verdict.Passed;
        report.evidence(preset.getKey(), side.getKey(), same);
      }
    }
  }
}
