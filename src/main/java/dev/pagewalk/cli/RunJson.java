package dev.pagewalk.cli;

import dev.pagewalk.machine.classroom.Attempt;
import dev.pagewalk.machine.classroom.MachineLine;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.Statement;

/** A run told to programs: a line of JSON a statement. */
final class RunJson implements RunOutput {
  private final ScenarioSource read;
  private final JsonLines json;

  RunJson(Terminal terminal, ScenarioSource read) {
    this.read = read;
    this.json = new JsonLines(terminal.out());
  }

  @Override
  public void begin(MachineLine machine) {
    // The statements say all there is.
  }

  @Override
  public void report(int step, Report report) {
    Scenario.Step done = read.scenario().steps().get(step);
    Scenario.Place place = read.scenario().places().get(step);
    json.begin()
        .number("line", place.line())
        .number("column", place.column())
        .text("statement", done.text())
        .text("outcome", report.outcome())
        .text("text", report.text())
        .texts("marks", report.marks());
    switch (done.statement()) {
      case Statement.Access _ -> access(report);
      case Statement.Show _ -> json.texts("lines", report.lines());
      case Statement.Expect expect ->
          json.text("expected", expect.what()).flag("met", report.outcome().equals(Report.OK));
      case Statement.Flip _ -> json.hex("entry", report.value());
      case Statement.SetRegister _ -> json.hex("register", report.value());
      default -> json.number("value", report.value());
    }
    json.end();
  }

  private void access(Report report) {
    json.number("value", report.value()).text("signal", report.signal()).beginArray("attempts");
    for (Attempt attempt : report.attempts()) {
      json.begin().text("tlb", attempt.tlb()).flag("stale", attempt.isStale());
      if (attempt.reached()) {
        json.hex("physical", attempt.answer());
      } else {
        json.text("fault", attempt.fault());
      }
      if (attempt.error() >= 0) {
        json.hex("error", attempt.error()).hex("cr2", attempt.cr2());
      }
      json.texts("kernel", attempt.kernel()).end();
    }
    json.endArray();
  }

  @Override
  public void end(int done, String panic) {
    // A statement that is missing was not carried out.
  }

  @Override
  public void close() {
    json.close();
  }
}
