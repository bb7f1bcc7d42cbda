package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.IdentityHashMap;
import java.util.List;

/** Holds one engine against vectors, under one set of model choices. Not thread-safe. */
final class VectorRunner {
  private final Engine engine;
  private final ModelChoices choices;
  private final IdentityHashMap<Cpu, Cpu> cpus = new IdentityHashMap<>();

  VectorRunner(Engine engine, ModelChoices choices) {
    this.engine = engine;
    this.choices = choices;
  }

  /** Who answers. */
  String engineName() {
    return engine.name();
  }

  /** Runs the steps that the vector's sources answered. */
  Verdict run(WalkVector vector) {
    return run(vector, vector.steps());
  }

  /** Runs {@code steps}, those of one side, from the vector's state. */
  Verdict run(WalkVector vector, List<Step> steps) {
    start(vector);
    PhysicalMemory memory = engine.memory();
    Words words = vector.memory();
    long[] now = words.values();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Outcome outcome = engine.perform(step.action());
      if (!step.allowed().contains(outcome)) {
        return failed(i, Describe.outcomes(step.allowed()), Describe.outcome(outcome));
      }
      for (int w = 0; w < words.size(); w++) {
        long pa = words.address(w);
        long value = memory.read64(pa);
        String wrong = wrongWord(step, pa, now[w], value);
        if (wrong != null) {
          return failed(i, wrong, "physical " + Hex.of(pa) + " = " + Hex.of(value));
        }
        now[w] = value;
      }
    }
    return Verdict.PASSED;
  }

  /**
   * How the engine comes to its answer to one of the steps that the vector's sources answered; runs
   * it once more.
   *
   * @param number of the step, from 1
   */
  String explain(WalkVector vector, int number) {
    start(vector);
    List<Step> steps = vector.steps();
    steps.subList(0, number - 1).forEach(step -> engine.perform(step.action()));
    return engine.explain(steps.get(number - 1).action());
  }

  private void start(WalkVector vector) {
    Cpu cpu = cpus.computeIfAbsent(vector.cpu(), known -> known.with(choices));
    engine.memory().clear();
    engine.reset(cpu, vector.state());
    Words words = vector.memory();
    for (int i = 0; i < words.size(); i++) {
      engine.memory().write64(words.address(i), words.value(i));
    }
  }

  /** What a word should have been after a step; null if it is right, or nobody knows. */
  static String wrongWord(Step step, long pa, long before, long value) {
    if (step.memoryAfter().isEmpty()) {
      return null;
    }
    Words after = step.memoryAfter().get();
    int at = after.indexOf(pa);
    long expected = at < 0 ? before : after.value(at);
    long care = at < 0 ? -1L : after.care(at);
    if ((value & care) == expected) {
      return null;
    }
    String mask = care == -1L ? "" : " under mask " + Hex.of(care);
    return "physical " + Hex.of(pa) + " = " + Hex.of(expected) + mask;
  }

  private static Verdict failed(int index, String expected, String got) {
    return new Verdict.Failed(index + 1, expected, got);
  }
}
