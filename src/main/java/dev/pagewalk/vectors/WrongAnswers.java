package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** The wrong answers to one check, those that are the same under one another. */
final class WrongAnswers {
  private final SequencedMap<Said, Who> answers = new LinkedHashMap<>(0);

  /**
   * What an engine answered.
   *
   * @param step the step that failed and what it does; may be empty
   * @param expected what was observed
   * @param got what the engine answered
   */
  record Said(String step, String expected, String got) {}

  /** Who gave an answer, and how the first of them came to it. */
  private record Who(List<String> engines, String explanation) {}

  /**
   * Adds what {@code engine} said.
   *
   * @param howItCame explains it; asked at once, if no engine said the same before
   */
  void add(String engine, Said said, Supplier<String> howItCame) {
    answers
        .computeIfAbsent(said, first -> new Who(new ArrayList<>(1), howItCame.get()))
        .engines
        .add(engine);
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /** All of them, in the order in which each was given first. */
  List<VerifyReport.Answer> list() {
    List<VerifyReport.Answer> list = new ArrayList<>();
    answers.forEach((said, who) ->
        list.add(
            new VerifyReport.Answer(
                List.copyOf(who.engines), said.step, said.expected, said.got, who.explanation)));
    return list;
  }
}
