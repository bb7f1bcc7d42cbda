package dev.pagewalk.vectors;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The machines of one thread on which scenarios are run, one for each model of processor, over one
 * memory. A scenario counts once: what any of them answers otherwise, it fails.
 */
final class ScenarioPanel implements AutoCloseable {
  private final PhysicalMemory memory = ScenarioSetting.memory();
  private final List<ScenarioRunner> runners = new ArrayList<>();

  ScenarioPanel(List<CpuModel> models, ModelChoices choices) {
    for (CpuModel model : models) {
      runners.add(new ScenarioRunner(new ScenarioMachine(model, choices, memory)));
    }
  }

  /** Runs {@code scenario} on each machine and adds the answer to {@code report}. */
  void judge(Scenario scenario, VerifyReport.Place place, VerifyReport report) {
    Map<String, ScenarioVerdict> wrong = new LinkedHashMap<>();
    Set<Layer> layers = EnumSet.noneOf(Layer.class);
    boolean passed = true;
    for (ScenarioRunner runner : runners) {
      ScenarioVerdict verdict = runner.run(scenario);
      if (!verdict.differences().isEmpty()) {
        wrong.put(MmuEngine.nameOf(runner.model()), verdict);
        layers.addAll(verdict.differences().keySet());
        passed &= verdict.passed();
      }
    }
    if (passed && !layers.isEmpty()) {
      report.writtenBack(scenario.name());
    }
    report.scenario(
        scenario.group(),
        passed,
        layers,
        passed ? Optional.empty() : Optional.of(failure(place, wrong)));
  }

  @Override
  public void close() {
    memory.close();
  }

  /** Tells for each machine of the first layer that differs, and then of all its layers. */
  private static VerifyReport.Failure failure(
      VerifyReport.Place place, Map<String, ScenarioVerdict> wrong) {
    WrongAnswers answers = new WrongAnswers();
    wrong.forEach((name, verdict) -> {
      ScenarioVerdict.Difference first = verdict.differences().values().iterator().next();
      answers.add(
          name,
          new WrongAnswers.Said(first.what(), first.expected(), first.got()),
          () -> layers(verdict.differences()));
    });
    return new VerifyReport.Failure(place, answers.list());
  }

  private static String layers(Map<Layer, ScenarioVerdict.Difference> differences) {
    Layer lowest = differences.keySet().iterator().next();
    StringJoiner text = new StringJoiner("\n");
    differences.forEach((layer, difference) -> {
      text.add(layer.label() + ": " + difference.what());
      if (layer != lowest) {
        text.add("  expected  " + difference.expected());
        text.add("  got       " + difference.got());
      }
    });
    return text.toString();
  }
}
