package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.ScenarioException;
import java.util.Map;

/** A request that cannot be answered as asked, as RFC 9457 has it. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final int line;
  private final int column;

  /**
   * A problem.
   *
   * @param status of HTTP
   * @param title what kind of problem, the same for all of its kind
   * @param detail what was expected, and what was found
   */
  Problem(int status, String title, String detail) {
    this(status, title, detail, null);
  }

  private Problem(int status, String title, String detail, ScenarioException at) {
    super(detail, at, false, false);
    this.status = status;
    this.title = title;
    this.line = at == null ? 0 : at.line();
    this.column = at == null ? 0 : at.column();
  }

  /** A statement that cannot be understood, or not be done. */
  static Problem of(ScenarioException e) {
    return e.line() > 0
        ? new Problem(400, "Not a statement", e.getMessage(), e)
        : new Problem(409, "Not possible now", e.getMessage(), e);
  }

  int status() {
    return status;
  }

  /** The document. */
  Map<String, Object> document() {
    Doc doc =
        new Doc()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", getMessage());
    if (line > 0) {
      doc.put("line", line).put("column", column);
    }
    return doc.map();
  }
}
