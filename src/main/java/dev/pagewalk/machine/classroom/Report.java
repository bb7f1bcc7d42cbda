package dev.pagewalk.machine.classroom;

import java.util.List;

/**
 * What came of one statement.
 *
 * @param number of the statement, from 1
 * @param statement its text
 * @param text what happened, told in a line
 * @param outcome {@code ok}, {@code fault}, {@code refused}, {@code panic} or {@code failed}
 * @param signal of an access that ended in one; empty without
 * @param value what was read, or what a system call returned
 * @param attempts of an access; empty for all else, and once it is long ago
 * @param marks what it can be held against: hit, walk, minor, major, copy, evict
 * @param lines what was shown; empty for all else, and once it is long ago
 */
public record Report(
    int number,
    String statement,
    String text,
    String outcome,
    String signal,
    long value,
    List<Attempt> attempts,
    List<String> marks,
    List<String> lines) {
  /** All went well. */
  public static final String OK = "ok";

  /** An access that did not reach its address. */
  public static final String FAULT = "fault";

  /** The kernel or the processor has refused it. */
  public static final String REFUSED = "refused";

  /** The kernel has stopped. */
  public static final String PANIC = "panic";

  /** An expectation that is not met. */
  public static final String FAILED = "failed";

  /** A statement without accesses. */
  static Report of(String text, String outcome, long value) {
    return new Report(0, "", text, outcome, "", value, List.of(), List.of(), List.of());
  }

  /** What was shown. */
  static Report shown(List<String> lines) {
    return new Report(
        0, "", lines.size() + " lines.", OK, "", 0, List.of(), List.of(), List.copyOf(lines));
  }

  /** The same under a number. */
  Report numbered(int newNumber, String newStatement) {
    return new Report(
        newNumber, newStatement, text, outcome, signal, value, attempts, marks, lines);
  }

  /** The same without attempts and lines, which take the most room. */
  Report shortened() {
    return new Report(number, statement, text, outcome, signal, value, List.of(), marks, List.of());
  }

  /** The last attempt; null if there is none. */
  public Attempt last() {
    return attempts.isEmpty() ? null : attempts.getLast();
  }
}
