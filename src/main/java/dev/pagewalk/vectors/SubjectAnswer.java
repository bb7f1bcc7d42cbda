package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * A program's answer to a vector.
 *
 * @param number of the question
 * @param skip why it does not answer; else nothing
 * @param steps what it says of each step
 */
record SubjectAnswer(long number, Optional<String> skip, List<Said> steps) {
  private static final List<String> KEYS = List.of("vector", "outcomes", "skip");

  /**
   * What it says of a step.
   *
   * @param outcome of the step
   * @param changed the named words that changed, with their new values; null if it does not say
   */
  record Said(Outcome outcome, Words changed) {}

  /**
   * Reads an answer; its number comes first.
   *
   * @param asked finds the vector of a question that is not answered yet, or null
   */
  static SubjectAnswer parse(Cursor in, LongFunction<WalkVector> asked) throws InputException {
    in.openObject();
    if (!"vector".equals(in.nextKey())) {
      throw in.expected("expected an answer, which begins with the key vector");
    }
    long number = in.number(0, Integer.MAX_VALUE);
    WalkVector vector = asked.apply(number);
    if (vector == null) {
      throw in.expected("expected the number of a vector that was asked and not answered");
    }
    String key = in.nextKey();
    SubjectAnswer answer;
    if ("skip".equals(key)) {
      answer = new SubjectAnswer(number, Optional.of(VectorParser.name(in)), List.of());
    } else if ("outcomes".equals(key)) {
      answer = new SubjectAnswer(number, Optional.empty(), outcomes(in, vector));
    } else {
      throw in.expected("expected one of the keys outcomes and skip");
    }
    if (in.nextKey() != null) {
      throw in.expected("unknown key; expected one of " + String.join(", ", KEYS));
    }
    in.end();
    return answer;
  }

  private static List<Said> outcomes(Cursor in, WalkVector vector) throws InputException {
    List<Said> steps = new ArrayList<>(vector.steps().size());
    in.openArray();
    while (in.nextElement()) {
      in.atStep(steps.size());
      if (!in.isObject()) {
        throw in.expected("expected an outcome, found " + in.found());
      }
      steps.add(said(in, vector.memory()));
      in.atStep(-1);
    }
    in.at("outcomes");
    if (steps.size() != vector.steps().size()) {
      throw in.expected("expected " + vector.steps().size() + " outcomes, found " + steps.size());
    }
    return steps;
  }

  private static Said said(Cursor in, Words named) throws InputException {
    OutcomeDraft draft = new OutcomeDraft();
    Words changed = null;
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      if (key.equals("memory_after") && changed == null) {
        changed = StepParser.memoryAfter(in, named, 2);
      } else if (!draft.take(in, key)) {
        throw in.expected("unknown key; expected pa, exception, error, cr2 or memory_after");
      }
    }
    in.at("");
    return new Said(draft.isEmpty() ? new Outcome.Done() : draft.outcome(in), changed);
  }
}
