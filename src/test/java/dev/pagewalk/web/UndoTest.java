package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session's state is a function of its statements. */
final class UndoTest {
  private static final String SCENARIO =
      """
      machine classroom frames=5 policy=clock zeropage=on
      process A
      mmap A 0x0 64K rw
      process B
      mmap B 0x0 64K rwx
      """;

  /** All of the machine, without what is known of the session. */
  private static String state(Session session) throws ScenarioException {
    byte[] document = session.look(room -> Json.write(new StateView(room).document().map()));
    return new String(document, StandardCharsets.UTF_8);
  }

  /** A statement that may or may not be possible. */
  private static String statement(Random random, int number) {
    String process = random.nextBoolean() ? "A" : "B";
    String page = "0x%x".formatted(random.nextInt(16) << 12);
    return switch (random.nextInt(14)) {
      case 0 -> "fork " + process + " C" + number;
      case 1 -> "munmap " + process + " " + page + " 4K";
      case 2 -> "mprotect " + process + " " + page + " 8K " + (random.nextBoolean() ? "r" : "rw");
      case 3 -> "madvise " + process + " " + page + " 4K dontneed";
      case 4 -> "flip " + process + " " + page + " pt " + new int[] {1, 2, 5, 6, 63}[number % 5];
      case 5 -> "set cr4.pcide " + random.nextInt(2);
      case 6 -> "invlpg " + page;
      case 7 -> random.nextBoolean() ? "tick" : "flush";
      case 8 -> "exit C" + random.nextInt(number + 1);
      case 9, 10 -> "write " + process + " " + page + " " + number;
      case 11 -> "fetch " + process + " " + page;
      default -> "read " + process + " " + page;
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void undoingAllGivesTheBeginningAndRedoingAllTheEnd(long seed) throws ScenarioException {
    Random random = new Random(seed);
    try (Session session = new Session("s", "", Scenario.parse(SCENARIO))) {
      List<String> states = new ArrayList<>(List.of(state(session)));
      for (int i = 0; i < 60; i++) {
        try {
          Report report = session.perform(Scenario.Step.parse(statement(random, i), 1));
          if (report.outcome().equals(Report.PANIC)) {
            session.undo();
            assertEquals(states.getLast(), state(session), "a panic is undone as all else");
          } else {
            states.add(state(session));
          }
        } catch (ScenarioException e) {
          assertEquals(states.getLast(), state(session), "what cannot be done changes nothing");
        }
      }
      assertTrue(states.size() > 30, "most can be done: " + states.size());
      for (int i = states.size() - 2; i >= 0; i--) {
        assertTrue(session.undo());
        if (i % 7 == 0) {
          assertEquals(states.get(i), state(session), "after undoing to " + i);
        }
      }
      for (int i = 1; i < states.size(); i++) {
        assertTrue(session.redo());
        assertEquals(states.get(i), state(session), "after doing again to " + i);
      }
      assertFalse(session.redo());
      String text = session.export();
      try (Session again = new Session("s", "", Scenario.parse(text))) {
        assertEquals(states.getLast(), state(again), "the exported scenario leads there");
      }
    }
  }
}
