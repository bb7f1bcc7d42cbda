package dev.pagewalk.cli;

import dev.pagewalk.machine.classroom.Lessons;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import dev.pagewalk.machine.classroom.Statement;
import dev.pagewalk.machine.classroom.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Goes through lessons with somebody who types, or with a file of what would be typed. */
final class Tutor {
  /** Characters of a line, at most: more is not read into memory. */
  private static final int LONGEST_LINE = 4096;

  private static final String HELP =
      """
        read A 0x1000        an access of process A; also write A 0x1000 42, fetch A 0x1000
        kread A 0x1000 [ac]  the same by the kernel, with RFLAGS.AC = 1 if said; also kwrite, kfetch
        mmap A 0x4000 8K rw  system calls; also munmap, mprotect, madvise, pkey A, fork A B, exit A
        flip A 0x1000 pt 1   flips a bit of an entry in memory; with invlpg at the end the TLB is told
        invlpg 0x1000        drops one page from the TLB; flush: all of this PCID; flush all
        set cr4.smap 0       a register, or a bit of one; set pkru 0x8
        show walk 0x1000     what the tables say; also show tlb, maps, pages, frames, registers, figures
        state                mappings, pages and the TLB at once
        hint, undo, again    a hint; takes the last statement back; begins the lesson anew
        skip, lessons, quit  the next lesson; the list; the end
      """;

  private final PrintStream out;
  private final Style style;
  private final boolean interactive;
  private final BufferedReader input;
  private final List<Lessons.Lesson> lessons;
  private boolean over;

  Tutor(Terminal terminal, BufferedReader input, List<Lessons.Lesson> lessons) {
    this.out = terminal.out();
    this.style = terminal.style();
    this.interactive = terminal.interactive();
    this.input = input;
    this.lessons = lessons;
  }

  /** The lessons with their numbers. */
  static String list(List<Lessons.Lesson> lessons) {
    List<String> names = List.copyOf(Lessons.all().keySet());
    StringBuilder text = new StringBuilder();
    for (Lessons.Lesson lesson : lessons) {
      int number = names.indexOf(lesson.name()) + 1;
      text.append("%4d  %-16s  %s%n".formatted(number, lesson.name(), lesson.title()));
    }
    return text.toString();
  }

  /** Teaches all; returns those that are not solved. */
  List<Lessons.Lesson> teach() throws IOException {
    if (lessons.size() > 1) {
      out.println("Lessons:");
      out.print(list(lessons));
    }
    List<Lessons.Lesson> unsolved = new ArrayList<>(lessons);
    for (Lessons.Lesson lesson : lessons) {
      if (!over && teach(lesson)) {
        unsolved.remove(lesson);
      }
    }
    out.println();
    out.println(
        unsolved.isEmpty()
            ? style.good(lessons.size() == 1 ? "The lesson is solved." : "All lessons are solved.")
            : style.bad(
                "Not solved: "
                    + String.join(", ", unsolved.stream().map(Lessons.Lesson::name).toList())));
    return unsolved;
  }

  /** Whether it was solved. */
  private boolean teach(Lessons.Lesson lesson) throws IOException {
    ask(lesson);
    try (Timeline timeline = new Timeline(Scenario.parse(lesson.scenario()))) {
      while (true) {
        String line = next(lesson);
        if (line == null || line.equals("quit")) {
          over = true;
          return false;
        }
        if (line.equals("skip")) {
          return false;
        }
        if (!line.isEmpty() && obey(lesson, timeline, line)) {
          return true;
        }
      }
    } catch (ScenarioException e) {
      throw new IllegalStateException("lesson " + lesson.name() + ": " + e.text(), e);
    }
  }

  private void ask(Lessons.Lesson lesson) {
    Page page = new Page(style);
    out.println();
    page.title("Lesson " + lesson.name() + ": " + lesson.title());
    page.sentences(List.of(lesson.question()));
    out.print(page);
    lesson.scenario().lines().forEach(line -> out.println(style.faint("    " + line)));
  }

  /** The next line without comment and blanks around it; null at the end of the input. */
  private String next(Lessons.Lesson lesson) throws IOException {
    if (interactive) {
      out.print(style.name(lesson.name() + "> "));
    }
    // Whoever types, person or program, waits for what was said.
    out.flush();
    StringBuilder line = new StringBuilder();
    int c = input.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (line.length() < LONGEST_LINE) {
        line.append((char) c);
      }
      c = input.read();
    }
    int comment = line.indexOf("#");
    line.setLength(comment < 0 ? line.length() : comment);
    String words = line.toString().strip();
    if (!interactive && !words.isEmpty()) {
      out.println("> " + Failures.oneLine(words));
    }
    return words;
  }

  /** Does what {@code line} says; whether the lesson is solved by it. */
  private boolean obey(Lessons.Lesson lesson, Timeline timeline, String line)
      throws ScenarioException {
    switch (line) {
      case "help", "?" -> out.print(HELP);
      case "hint" -> out.println("  " + lesson.hint());
      case "lessons" -> out.print(list(lessons));
      case "state" -> {
        for (String what : List.of("maps", "pages", "tlb")) {
          show(timeline, Scenario.Step.parse("show " + what, 1));
        }
      }
      case "undo" -> undo(timeline);
      case "again" -> {
        while (timeline.steps().size() > timeline.scenario().setup()) {
          timeline.undo();
        }
        ask(lesson);
      }
      default -> {
        return carryOut(timeline, line) && isSolved(lesson, timeline);
      }
    }
    return false;
  }

  private void undo(Timeline timeline) throws ScenarioException {
    int done = timeline.steps().size();
    if (done <= timeline.scenario().setup()) {
      out.println("  There is nothing to undo.");
      return;
    }
    String last = timeline.statements().getLast();
    timeline.undo();
    out.println("  Taken back: " + last);
  }

  /** Whether the statement could be carried out. */
  private boolean carryOut(Timeline timeline, String line) {
    try {
      Scenario.Step step = Scenario.Step.parse(line, 1);
      if (step.statement() instanceof Statement.Show) {
        show(timeline, step);
        return false;
      }
      Report report = timeline.perform(step);
      out.print(ReportText.of(step.statement(), report));
      if (!timeline.room().panic().isEmpty()) {
        out.println("  undo leads out of it.");
        return false;
      }
      return true;
    } catch (ScenarioException e) {
      String place = e.column() > 0 ? "column " + e.column() + ": " : "";
      out.println("  " + place + e.getMessage() + (place.isEmpty() ? "" : " (help tells more)"));
      return false;
    }
  }

  /** Looking is no statement of the lesson: it is not there to be undone. */
  private void show(Timeline timeline, Scenario.Step step) throws ScenarioException {
    out.print(ReportText.of(step.statement(), timeline.room().perform(step)));
  }

  private boolean isSolved(Lessons.Lesson lesson, Timeline timeline) {
    boolean solved = lesson.done().test(timeline.room());
    if (solved) {
      Page page = new Page(style);
      page.sentences(List.of("Solved. " + lesson.answer()));
      out.print(style.good(page.toString()));
    }
    return solved;
  }
}
