package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.Attempt;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.mmu.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A report as a document. */
final class ReportView {
  private ReportView() {}

  /** In short, as the log has it. */
  static Map<String, Object> line(Report report) {
    return new Doc()
        .put("number", report.number())
        .put("statement", report.statement())
        .put("text", report.text())
        .put("outcome", report.outcome())
        .put("signal", report.signal())
        .put("value", report.value())
        .put("marks", report.marks())
        .map();
  }

  /** With all its walks. */
  static Map<String, Object> full(Report report) {
    Map<String, Object> document = line(report);
    List<Object> attempts = new ArrayList<>();
    for (Attempt attempt : report.attempts()) {
      attempts.add(
          new Doc()
              .put("tlb", attempt.tlb())
              .put("stale", attempt.isStale())
              .put("outcome", WalkView.outcome(Faults.outcome(attempt.answer(), attempt.cr2())))
              .put("steps", WalkView.steps(attempt.walk()))
              .put("kernel", attempt.kernel())
              .map());
    }
    document.put("attempts", attempts);
    document.put("lines", report.lines());
    return document;
  }
}
