package dev.pagewalk.cli;

import dev.pagewalk.machine.classroom.Lessons;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pagewalk tutor}: the guided lessons in a terminal. */
@Command(
    name = "tutor",
    description = {
      "Asks what to bring about on a small machine, carries out the statements that are typed, and"
          + " says when the machine's state answers the question.",
      "Statements are those of pagewalk run; help tells the other words. The exit status is 1 if"
          + " the one lesson that was asked for is not solved."
    })
final class TutorCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "LESSON",
      description = "a lesson's name or number (default: all in their order)")
  private String wanted;

  @Option(names = "--list", description = "lists the lessons and ends")
  private boolean list;

  TutorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    List<Lessons.Lesson> lessons = chosen();
    if (list) {
      terminal.out().print(Tutor.list(lessons));
      return Main.OK;
    }
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<Lessons.Lesson> unsolved = new Tutor(terminal, input, lessons).teach();
    return wanted != null && !unsolved.isEmpty() ? Main.NO : Main.OK;
  }

  private List<Lessons.Lesson> chosen() {
    List<Lessons.Lesson> all = new ArrayList<>(Lessons.all().values());
    if (wanted == null) {
      return all;
    }
    if (Lessons.all().containsKey(wanted)) {
      return List.of(Lessons.all().get(wanted));
    }
    for (int i = 0; i < all.size(); i++) {
      if (wanted.equals(Integer.toString(i + 1))) {
        return List.of(all.get(i));
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "expected 1 to "
            + all.size()
            + " or a lesson, one of "
            + String.join(", ", Lessons.all().keySet())
            + "; found "
            + Failures.quote(wanted));
  }
}
