package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A machine's state and steps, of which nobody has said yet what comes of them.
 *
 * @param cpu the processor
 * @param state its registers before the first step
 * @param words of physical memory, by address; all others are zero
 * @param actions the steps
 */
record FuzzDraft(Cpu cpu, Registers state, NavigableMap<Long, Long> words, List<Action> actions) {
  /** What a vector asks. */
  static FuzzDraft of(WalkVector vector) {
    NavigableMap<Long, Long> words = new TreeMap<>();
    for (int i = 0; i < vector.memory().size(); i++) {
      words.put(vector.memory().address(i), vector.memory().value(i));
    }
    List<Action> actions = new ArrayList<>();
    vector.steps().forEach(step -> actions.add(step.action()));
    return new FuzzDraft(vector.cpu(), vector.state(), words, actions);
  }

  /** A copy whose words and steps may be changed. */
  FuzzDraft copy() {
    return new FuzzDraft(cpu, state, new TreeMap<>(words), new ArrayList<>(actions));
  }

  /** The same with other registers. */
  FuzzDraft with(Registers other) {
    return new FuzzDraft(cpu, other, words, actions);
  }

  /** The same of another processor. */
  FuzzDraft with(Cpu other) {
    return new FuzzDraft(other, state, words, actions);
  }

  /** The words as a vector has them. */
  Words memory() {
    long[] pairs = new long[2 * words.size()];
    int i = 0;
    for (var word : words.entrySet()) {
      pairs[i++] = word.getKey();
      pairs[i++] = word.getValue();
    }
    return new Words(pairs, 2);
  }
}
