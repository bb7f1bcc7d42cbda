package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Hex;

/** What a scenario expects of its statements. */
final class Expectation {
  private Expectation() {}

  /** Holds {@code expected} against what came of a statement. */
  static Report judge(String expected, Report of) {
    boolean met =
        switch (expected) {
          case "ok" -> of.outcome().equals(Report.OK);
          case "hit", "walk", "minor", "major", "copy" -> of.marks().contains(expected);
          default ->
              expected.startsWith("fault ")
                  ? firstError(of).equals(expected.substring(6))
                  : of.signal().startsWith(expected.substring("signal ".length()));
        };
    String text =
        met
            ? "As expected: " + expected + '.'
            : "Expected " + expected + "; statement " + of.number() + " was: " + of.text();
    return Report.of(text, met ? Report.OK : Report.FAILED, 0);
  }

  private static String firstError(Report of) {
    return of.attempts().isEmpty() || of.attempts().getFirst().error() < 0
        ? ""
        : Hex.of(of.attempts().getFirst().error());
  }
}
