package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an engine answers to a vector, step by step, as a subject would. */
final class Answers {
  private Answers() {}

  /** All steps of {@code vector}, on {@code engine}. */
  static List<SubjectAnswer.Said> of(Engine engine, WalkVector vector, ModelChoices choices) {
    List<Action> actions = vector.steps().stream().map(Step::action).toList();
    return of(engine, vector.cpu().with(choices), vector, actions);
  }

  private static List<SubjectAnswer.Said> of(
      Engine engine, Cpu cpu, WalkVector vector, List<Action> actions) {
    engine.memory().clear();
    engine.reset(cpu, vector.state());
    return perform(engine, vector.memory(), actions);
  }

  /** Performs {@code actions} on an engine that has just been reset, over {@code words}. */
  static List<SubjectAnswer.Said> perform(Engine engine, Words words, List<Action> actions) {
    PhysicalMemory memory = engine.memory();
    for (int i = 0; i < words.size(); i++) {
      memory.write64(words.address(i), words.value(i));
    }
    long[] now = words.values();
    List<SubjectAnswer.Said> said = new ArrayList<>(actions.size());
    for (Action action : actions) {
      Outcome outcome = engine.perform(action);
      said.add(new SubjectAnswer.Said(outcome, changed(memory, words, now)));
    }
    return said;
  }

  /** The words that are not as they are in {@code now}, which becomes as they are. */
  static Words changed(PhysicalMemory memory, Words words, long[] now) {
    long[] pairs = new long[2 * words.size()];
    int count = 0;
    for (int i = 0; i < words.size(); i++) {
      long value = memory.read64(words.address(i));
      if (value != now[i]) {
        pairs[count++] = words.address(i);
        pairs[count++] = value;
        now[i] = value;
      }
    }
    return new Words(Arrays.copyOf(pairs, count), 2);
  }
}
