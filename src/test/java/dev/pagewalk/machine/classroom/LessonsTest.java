package dev.pagewalk.machine.classroom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each lesson begins unanswered and is answered by what it asks for, and not by what it does not.
 */
final class LessonsTest {
  /** What looks like an answer and is none. */
  private static final Map<String, List<String>> WRONG =
      Map.of(
          "one-fault", List.of("read A 0x5000", "write A 0x5000 1"),
          "stale-entry", List.of("flush"),
          "no-copy", List.of("write A 0x0 1"),
          "kernel-means-it", List.of("set cr4.smap 0", "kread A 0x1000"),
          "write-fails", List.of("flip A 0x1000 pt 1", "write A 0x1000 1"));

  static Set<String> names() {
    return Lessons.all().keySet();
  }

  private static Timeline begin(String name) throws ScenarioException {
    return new Timeline(Scenario.parse(Lessons.all().get(name).scenario()));
  }

  private static boolean isDone(Timeline session, String name) throws ScenarioException {
    return Lessons.all().get(name).done().test(session.room());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theAnswerIsSeen(String name) throws ScenarioException {
    try (Timeline session = begin(name)) {
      for (String line : LessonAnswers.ANSWERS.get(name)) {
        assertFalse(isDone(session, name), "before " + line);
        session.perform(Scenario.Step.parse(line, 1));
      }
      assertTrue(isDone(session, name), session.export());
    }
  }

  @Test
  void whatIsNoAnswerIsNotTakenForOne() throws ScenarioException {
    for (Map.Entry<String, List<String>> wrong : WRONG.entrySet()) {
      try (Timeline session = begin(wrong.getKey())) {
        for (String line : wrong.getValue()) {
          session.perform(Scenario.Step.parse(line, 1));
        }
        assertFalse(isDone(session, wrong.getKey()), wrong.getKey());
      }
    }
  }

  @Test
  void thereIsADozen() {
    assertTrue(Lessons.all().size() >= 12);
    assertEquals(LessonAnswers.ANSWERS.keySet(), Lessons.all().keySet());
  }
}
