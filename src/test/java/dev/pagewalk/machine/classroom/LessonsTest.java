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
  /** What answers each lesson; the last statement makes the difference. */
  private static final Map<String, List<String>> ANSWERS =
      Map.ofEntries(
          Map.entry("zero-page", List.of("read A 0x0", "read A 0x1000", "read A 0x2000")),
          Map.entry("one-fault", List.of("write A 0x5000 1")),
          Map.entry(
              "tlb-hits",
              List.of(
                  "read A 0",
                  "read A 1",
                  "read A 2",
                  "read A 3",
                  "read A 4",
                  "read A 5",
                  "read A 6",
                  "read A 7",
                  "read A 8")),
          Map.entry(
              "first-major",
              List.of(
                  "read A 0x0",
                  "read A 0x1000",
                  "read A 0x2000",
                  "read A 0x3000",
                  "read A 0x4000",
                  "read A 0x5000",
                  "read A 0x6000",
                  "read A 0x0")),
          Map.entry("write-fails", List.of("flip A 0x1000 pt 1 invlpg", "write A 0x1000 1")),
          Map.entry("stale-entry", List.of("invlpg 0x1000")),
          Map.entry("why-read-only", List.of("write B 0x0 1")),
          Map.entry("no-copy", List.of("exit B", "write A 0x0 1")),
          Map.entry("run-data", List.of("mprotect A 0x2000 4K rx", "fetch A 0x2000")),
          Map.entry("kernel-means-it", List.of("kread A 0x1000 ac")),
          Map.entry(
              "deepest-push",
              List.of(
                  "write A 0x105000 1",
                  "write A 0x104000 1",
                  "write A 0x103000 1",
                  "write A 0x102000 1")),
          Map.entry("reserved", List.of("flip A 0x1000 pt 50 invlpg", "read A 0x1000")),
          Map.entry("one-instruction", List.of("set pkru 0x8", "write A 0x2000 1")));

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
      for (String line : ANSWERS.get(name)) {
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
    assertEquals(ANSWERS.keySet(), Lessons.all().keySet());
  }
}
