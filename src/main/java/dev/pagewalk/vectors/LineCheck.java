package dev.pagewalk.vectors;

import java.util.List;
import java.util.function.Supplier;

/**
 * One line of a snapshot's truth, held against the answers of every engine; it counts once.
 *
 * <p>Used as: make it, tell it each answer, report it.
 */
final class LineCheck {
  private static final int LONGEST_ID = 60;

  private final LineReader lines;
  private final String group;
  private final String step;
  private final WrongAnswers wrong = new WrongAnswers();

  /**
   * A check of the line that {@code lines} stands on.
   *
   * @param group what it is counted under
   * @param step what is done; may be empty
   */
  LineCheck(LineReader lines, String group, String step) {
    this.lines = lines;
    this.group = group;
    this.step = step;
  }

  /** {@code engine} answered {@code answer} where {@code truth} is right. */
  void answer(String engine, String truth, String answer, Supplier<String> howItCame) {
    if (!truth.equals(answer)) {
      wrong.add(engine, new WrongAnswers.Said(step, truth, answer), howItCame);
    }
  }

  /** Counts the line as passed or failed. */
  void report(VerifyReport report) {
    if (wrong.isEmpty()) {
      report.pass(group);
    } else {
      report.fail(group, this::failure);
    }
  }

  private VerifyReport.Failure failure() {
    List<VerifyReport.Answer> answers = wrong.list();
    String expected = answers.getFirst().expected();
    String id = expected.length() > LONGEST_ID ? expected.substring(0, LONGEST_ID) : expected;
    return new VerifyReport.Failure(
        new VerifyReport.Place(lines.file(), lines.line(), id), answers);
  }
}
