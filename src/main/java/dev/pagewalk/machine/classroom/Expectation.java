package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.kernel.Errno;

/** What a scenario expects of its statements. */
final class Expectation {
  private Expectation() {}

  /** Holds {@code expected} against what came of a statement. */
  static Report judge(String expected, Report of) {
    boolean met = isMet(expected, of);
    String text =
        met
            ? "As expected: " + expected + '.'
            : "Expected " + expected + ", but \"" + of.statement() + "\" was: " + of.text();
    return Report.of(text, met ? Report.OK : Report.FAILED, 0);
  }

  private static boolean isMet(String expected, Report of) {
    int blank = expected.indexOf(' ');
    String word = blank < 0 ? expected : expected.substring(0, blank);
    String rest = blank < 0 ? "" : expected.substring(blank + 1);
    return switch (word) {
      case "ok", "panic" -> of.outcome().equals(word);
      case "refused" ->
          of.outcome().equals(word) && (rest.isEmpty() || Errno.of(of.value()).name().equals(rest));
      case "value" -> of.outcome().equals(Report.OK) && rest.equals(Long.toString(of.value()));
      case "fault" -> firstError(of).equals(rest);
      case "signal" -> of.signal().startsWith(rest);
      default -> of.marks().contains(word);
    };
  }

  private static String firstError(Report of) {
    return of.attempts().isEmpty() || of.attempts().getFirst().error() < 0
        ? ""
        : Hex.of(of.attempts().getFirst().error());
  }
}
