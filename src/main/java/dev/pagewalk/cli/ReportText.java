package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.explain.ErrorExplanation;
import dev.pagewalk.machine.classroom.Attempt;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Statement;
import dev.pagewalk.mmu.Faults;
import java.util.ArrayList;
import java.util.List;

/** What came of a statement, in lines for a terminal. */
final class ReportText {
  private static final String INDENT = "       ";

  private ReportText() {}

  /** The lines, indented, each with its end. */
  static String of(Statement statement, Report report) {
    StringBuilder text = new StringBuilder();
    for (String line : lines(statement, report)) {
      text.append(INDENT).append(line).append('\n');
    }
    return text.toString();
  }

  private static List<String> lines(Statement statement, Report report) {
    if (statement instanceof Statement.Show) {
      return report.lines();
    }
    if (!(statement instanceof Statement.Access access) || report.attempts().isEmpty()) {
      return List.of(report.text());
    }
    List<String> lines = new ArrayList<>();
    for (Attempt attempt : report.attempts()) {
      tell(access, report, attempt, lines);
    }
    if (!report.last().reached()) {
      lines.add(
          switch (report.signal()) {
            case "oops" -> "A real kernel would stop here with an oops.";
            case "" -> "And so on, for ever: the kernel finds nothing to repair.";
            default -> "The process gets " + report.signal() + '.';
          });
    }
    return lines;
  }

  private static void tell(
      Statement.Access access, Report report, Attempt attempt, List<String> lines) {
    String way =
        switch (attempt.tlb()) {
          case "hit" -> attempt.isStale() ? "TLB hit, and a stale one: " : "TLB hit: ";
          case "miss" -> "TLB miss, page walk: ";
          default -> "";
        };
    if (attempt.reached()) {
      String read = access.kind() == Statement.Kind.READ ? ", which holds " + report.value() : "";
      lines.add(way + "physical address " + Hex.of(attempt.answer()) + read);
      return;
    }
    if (!Faults.isPageFault(attempt.answer())) {
      lines.add(way + attempt.fault());
    } else {
      var error = new ErrorExplanation(attempt.error());
      lines.add(
          way
              + "#PF, error code "
              + Hex.of(attempt.error())
              + " ("
              + error.names()
              + "), CR2 "
              + Hex.of(attempt.cr2()));
      lines.add(error.sentences().getFirst());
    }
    lines.addAll(attempt.kernel());
  }
}
