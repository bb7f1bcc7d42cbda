package dev.pagewalk.vectors;

import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The engines of one thread, over one memory: every vector is put to each of them in turn.
 *
 * <p>A vector counts once: it passes if all of them answer as observed. Evidence is weighed with
 * the reference walk under every preset, whoever else answers.
 */
final class Panel implements AutoCloseable {
  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final List<VectorRunner> runners = new ArrayList<>();
  private final Map<String, VectorRunner> presets = new LinkedHashMap<>();

  /** A vector and where it stands. */
  record Placed(WalkVector vector, String file, long line) {}

  Panel(Engines engines, ModelChoices choices) {
    SpecEngine spec = new SpecEngine(memory);
    if (engines.includeSpec()) {
      runners.add(new VectorRunner(spec, choices));
    }
    engines.mmus(memory).forEach(mmu -> runners.add(new VectorRunner(mmu, choices)));
    ModelPresets.all().forEach((name, set) -> presets.put(name, new VectorRunner(spec, set)));
  }

  /** Puts {@code placed} to the engines and adds their answer to {@code report}. */
  void judge(Placed placed, VerifyReport report) {
    if (placed.vector.isEvidence()) {
      weigh(placed.vector, report);
    } else {
      run(placed, report);
    }
  }

  @Override
  public void close() {
    memory.close();
  }

  private void run(Placed placed, VerifyReport report) {
    WalkVector vector = placed.vector;
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
    report.fail(vector.group(), () -> failure(placed, wrong));
  }

  private static VerifyReport.Failure failure(
      Placed placed, Map<VectorRunner, Verdict.Failed> wrong) {
    WalkVector vector = placed.vector;
    WrongAnswers answers = new WrongAnswers();
    wrong.forEach((runner, failed) -> {
      int number = failed.step();
      String action = Describe.action(vector.steps().get(number - 1).action());
      var said =
          new WrongAnswers.Said("step " + number + ": " + action, failed.expected(), failed.got());
      answers.add(runner.engineName(), said, () -> runner.explain(vector, number));
    });
    return new VerifyReport.Failure(
        new VerifyReport.Place(placed.file, placed.line, vector.id()), answers.list());
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
