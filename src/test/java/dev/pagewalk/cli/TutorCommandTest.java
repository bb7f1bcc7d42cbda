package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.classroom.LessonAnswers;
import dev.pagewalk.machine.classroom.Lessons;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code pagewalk tutor}, driven through its standard input. */
final class TutorCommandTest {
  static Set<String> names() {
    return Lessons.all().keySet();
  }

  private static CommandRun tutor(String input, String... lesson) {
    String[] args = new String[lesson.length + 1];
    args[0] = "tutor";
    System.arraycopy(lesson, 0, args, 1, lesson.length);
    return CommandRun.withInput(input, args);
  }

  private static String answer(String name) {
    return String.join("\n", LessonAnswers.ANSWERS.get(name)) + "\n";
  }

  @ParameterizedTest
  @MethodSource("names")
  void aLessonIsSolvedByItsAnswerAndNotBefore(String name) {
    Lessons.Lesson lesson = Lessons.all().get(name);
    CommandRun solved = tutor(answer(name), name);
    assertEquals(0, solved.status(), solved.out());
    assertTrue(solved.out().contains("Solved. " + start(lesson.answer())), solved.out());
    assertTrue(solved.out().contains(start(lesson.question())), solved.out());
    List<String> statements = LessonAnswers.ANSWERS.get(name);
    String allButLast = String.join("\n", statements.subList(0, statements.size() - 1));
    CommandRun unsolved = tutor(allButLast, name);
    assertEquals(1, unsolved.status(), unsolved.out());
    assertTrue(unsolved.out().endsWith("\nNot solved: " + name + "\n"), unsolved.out());
    assertFalse(unsolved.out().contains("Solved."), unsolved.out());
  }

  /** What stands on the first line of a wrapped sentence for sure. */
  private static String start(String sentence) {
    return sentence.substring(0, Math.min(sentence.length(), 40));
  }

  @Test
  void allLessonsComeOneAfterTheOther() {
    StringBuilder input = new StringBuilder();
    names().forEach(name -> input.append(answer(name)));
    CommandRun run = tutor(input.toString());
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().endsWith("All lessons are solved.\n"), run.out());
    assertEquals(names().size(), run.out().split("Solved\\. ", -1).length - 1);
    int at = 0;
    for (String name : names()) {
      int found = run.out().indexOf("\nLesson " + name + ": ", at);
      assertTrue(found >= at, name);
      at = found;
    }
  }

  @Test
  void skippedLessonsAreToldAtTheEnd() {
    CommandRun run = tutor("skip\n" + answer("one-fault") + "quit\n");
    assertEquals(0, run.status());
    String last = run.out().lines().toList().getLast();
    assertTrue(last.startsWith("Not solved: zero-page, tlb-hits, first-major"), last);
    assertFalse(last.contains("one-fault"), last);
  }

  @Test
  void wordsOfTheTutorAreObeyed() {
    CommandRun run =
        tutor(
            """
            help
            hint
            # a comment alone

            read A 0x5000
            undo
            undo
            state
            show walk 0x5000
            raed A 0x5000
            read Z 0x0
            lessons
            again
            write A 0x5000 1
            """,
            "one-fault");
    assertEquals(0, run.status(), run.out());
    String out = run.out();
    assertTrue(out.contains("show walk 0x1000     what the tables say"), out);
    assertTrue(out.contains("  What does a first read cost, and what a first write?"), out);
    assertTrue(out.contains("  Taken back: read A 0x5000"), out);
    assertTrue(out.contains("  There is nothing to undo."), out);
    assertTrue(out.contains("demand-zero: promised"), out);
    assertTrue(out.contains("stops: P is 0"), out);
    assertTrue(out.contains("  column 1: expected process, switch"), out);
    assertTrue(out.contains("  expected a process that is alive, one of A; found \"Z\""), out);
    assertTrue(out.contains("   2  one-fault         One fault is enough"), out);
    assertEquals(2, out.split("Lesson one-fault: ", -1).length - 1, "told again");
  }

  @Test
  void aBrokenMachineIsLeftByUndo() {
    CommandRun run =
        tutor(
            """
            flip A 0x1000 pd 51 invlpg
            munmap A 0x0 64K
            read A 0x1000
            undo
            undo
            flip A 0x1000 pt 50 invlpg
            read A 0x1000
            """,
            "reserved");
    assertTrue(run.out().contains("undo leads out of it"), run.out());
    assertTrue(run.out().contains("the kernel has stopped"), run.out());
    assertEquals(0, run.status(), run.out());
  }

  @Test
  void aLessonHasANumberToo() {
    assertEquals(0, tutor(answer("one-fault"), "2").status());
    CommandRun list = tutor("", "--list");
    assertEquals(0, list.status());
    assertEquals(names().size(), list.out().lines().count());
    tutor("", "0").assertRefused("expected 1 to 13 or a lesson, one of zero-page, one-fault");
    tutor("", "three").assertRefused("found 'three'");
  }

  @Test
  void anEndlessLineIsAMistakeAsAnyOther() {
    CommandRun run =
        tutor("read A " + "0".repeat(5_000_000) + "\n" + answer("one-fault"), "one-fault");
    assertEquals(0, run.status());
    assertTrue(run.out().contains("expected a line of at most 200 characters"), "told");
    assertTrue(run.out().length() < 20_000, "and not told in full");
  }
}
