package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Holds somebody's program against files of vectors, by the protocol of {@code
 * docs/subject-protocol.md}.
 *
 * <p>Several vectors are under way at once. If the program ends, hangs or writes what it should
 * not, it is started anew, and what was under way is asked again, one vector at a time, so that the
 * one on which it does so is known; that one has failed, and the run goes on.
 */
public final class SubjectVerification {
  private static final byte[] LINUX_SCENARIO = "{\"name\":".getBytes(StandardCharsets.UTF_8);

  private final Options options;
  private final int keepFailures;
  private final LongConsumer progress;

  /**
   * How a program is asked.
   *
   * @param command that starts it, for the shell
   * @param version of ours, which it is told
   * @param limit for the program to begin, and for each answer
   * @param window how many vectors are under way at once
   * @param restarts after so many starts anew it is given up
   */
  public record Options(String command, String version, Duration limit, int window, int restarts) {}

  /**
   * A verification.
   *
   * @param options how the program is asked
   * @param keepFailures how many failures the report holds in full
   * @param progress is told how many bytes of files have been read since it was last told
   */
  public SubjectVerification(Options options, int keepFailures, LongConsumer progress) {
    this.options = options;
    this.keepFailures = keepFailures;
    this.progress = progress;
  }

  /**
   * Asks everything in {@code paths}, files or directories.
   *
   * @throws InputException if the program does not begin, or at the first thing in a file that is
   *     not as its format says
   */
  public VerifyReport run(List<Path> paths) throws InputException {
    TestFiles files = TestFiles.below(paths);
    try (Subject dialogue = Subject.open(options);
        Causes causes = new Causes(dialogue.hello().tellsMemory())) {
      VerifyReport report = new VerifyReport(List.of(dialogue.hello().title()), keepFailures);
      Asked asked = new Asked(dialogue, report, causes);
      for (Path file : files.vectors()) {
        ask(file, asked);
      }
      asked.finish();
      Causes.Found found = causes.find();
      report.explain(found.causes(), found.examined(), found.unexplained());
      files.snapshots().forEach(file -> report.skip("snapshot: a subject is asked vectors only"));
      return report;
    }
  }

  private void ask(Path file, Asked asked) throws InputException {
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(file, progress)) {
      while (lines.next()) {
        if (lines.startsWith(LINUX_SCENARIO)) {
          asked.report.skip("scenario of a Linux kernel: a subject is asked vectors only");
          continue;
        }
        try (Cursor cursor = lines.cursor()) {
          asked.ask(new Panel.Placed(parser.parse(cursor), lines.file(), lines.line()));
        }
      }
    }
  }

  /** The vectors under way, and what came of them. */
  private final class Asked {
    private final Subject dialogue;
    private final VerifyReport report;
    private final Causes causes;
    private final Deque<Panel.Placed> underWay = new ArrayDeque<>();
    private int restarts;
    private boolean givenUp;

    Asked(Subject dialogue, VerifyReport report, Causes causes) {
      this.dialogue = dialogue;
      this.report = report;
      this.causes = causes;
    }

    /** Asks a vector, now or later. */
    void ask(Panel.Placed placed) {
      WalkVector vector = (WalkVector) placed.test();
      String whyNot =
          givenUp
              ? "the subject was given up after " + restarts + " starts"
              : dialogue.hello().whyNot(vector).orElse(null);
      if (whyNot != null) {
        report.skip(whyNot);
        return;
      }
      underWay.add(placed);
      dialogue.ask(vector);
      while (underWay.size() >= options.window() || (!underWay.isEmpty() && dialogue.hasNext())) {
        receive();
      }
    }

    /** Waits for the answers to all that is under way. */
    void finish() {
      while (!underWay.isEmpty()) {
        receive();
      }
    }

    private void receive() {
      try {
        judge(dialogue.answer());
      } catch (Dialogue.Trouble trouble) {
        oneByOne(trouble);
      }
    }

    /** Asks what is under way once more, vector by vector. */
    private void oneByOne(Dialogue.Trouble first) {
      if (underWay.size() == 1) {
        blame(underWay.remove(), first.getMessage());
      }
      Panel.Placed oldest = underWay.peek();
      boolean found = oldest == null;
      boolean well = restart();
      while (well && !underWay.isEmpty()) {
        dialogue.ask((WalkVector) underWay.peek().test());
        try {
          judge(dialogue.answer());
        } catch (Dialogue.Trouble trouble) {
          found = true;
          blame(underWay.remove(), trouble.getMessage());
          well = restart();
        }
      }
      if (!found) {
        blame(oldest, first.getMessage() + "; not when this and those behind it were asked alone");
      }
    }

    /** Starts the program anew; false if it is given up. */
    private boolean restart() {
      if (++restarts >= options.restarts()) {
        giveUp();
        return false;
      }
      try {
        dialogue.restart();
        return true;
      } catch (InputException e) {
        giveUp();
        return false;
      }
    }

    private void giveUp() {
      givenUp = true;
      underWay.forEach(
          placed -> report.skip("the subject was given up after " + restarts + " starts"));
      underWay.clear();
    }

    private void blame(Panel.Placed placed, String trouble) {
      WalkVector vector = (WalkVector) placed.test();
      report.fail(vector.group(), () -> failure(placed, "", "an answer", trouble));
    }

    /** Judges the answer to one of the vectors under way. */
    private void judge(SubjectAnswer answer) {
      Panel.Placed placed = dialogue.answered(answer, underWay);
      WalkVector vector = (WalkVector) placed.test();
      if (answer.skip().isPresent()) {
        report.skip("the subject: " + answer.skip().get());
        return;
      }
      boolean tellsMemory = dialogue.hello().tellsMemory();
      Verdict verdict = SubjectJudge.judge(vector, answer.steps(), tellsMemory);
      causes.add(vector, place(placed), answer.steps(), verdict);
      if (vector.isEvidence()) {
        weigh(vector, answer);
      } else if (verdict instanceof Verdict.Failed failed) {
        Action action = vector.steps().get(failed.step() - 1).action();
        String step = "step " + failed.step() + ": " + Describe.action(action);
        report.fail(vector.group(), () -> failure(placed, step, failed.expected(), failed.got()));
      } else {
        report.pass(vector.group());
      }
    }

    /** Finds with which side it answers where the sources disagree. */
    private void weigh(WalkVector vector, SubjectAnswer answer) {
      report.countEvidence();
      String who = dialogue.hello().title();
      boolean tellsMemory = dialogue.hello().tellsMemory();
      boolean agrees =
          SubjectJudge.judge(vector, answer.steps(), tellsMemory) instanceof Verdict.Passed;
      vector.sources().forEach(source -> report.evidence(who, source, agrees));
      vector
          .differs()
          .forEach((source, steps) ->
              report.evidence(
                  who,
                  source,
                  SubjectJudge.judge(vector.memory(), steps, answer.steps(), tellsMemory)
                      instanceof Verdict.Passed));
    }

    private static VerifyReport.Place place(Panel.Placed placed) {
      return new VerifyReport.Place(placed.file(), placed.line(), placed.test().name());
    }

    private VerifyReport.Failure failure(
        Panel.Placed placed, String step, String expected, String got) {
      return new VerifyReport.Failure(
          place(placed),
          List.of(
              new VerifyReport.Answer(List.of(dialogue.hello().title()), step, expected, got, "")));
    }
  }
}
