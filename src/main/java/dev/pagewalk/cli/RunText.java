package dev.pagewalk.cli;

import dev.pagewalk.machine.classroom.MachineLine;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.Statement;
import java.io.PrintStream;
import java.util.List;

/** A run told to people. */
final class RunText implements RunOutput {
  private final PrintStream out;
  private final Style style;
  private final ScenarioSource read;
  private int met;
  private int failed;

  RunText(Terminal terminal, ScenarioSource read) {
    this.out = terminal.out();
    this.style = terminal.style();
    this.read = read;
  }

  @Override
  public void begin(MachineLine machine) {
    Scenario scenario = read.scenario();
    Page page = new Page(style);
    if (!scenario.title().isEmpty()) {
      page.title(scenario.title());
    }
    if (!scenario.watch().isEmpty()) {
      page.sentences(List.of("Watch: " + scenario.watch()));
    }
    if (!scenario.surprise().isEmpty()) {
      page.sentences(List.of("Surprise: " + scenario.surprise()));
    }
    out.print(page);
    out.println(style.faint("machine " + machine.text()));
  }

  @Override
  public void report(int step, Report report) {
    Scenario.Step done = read.scenario().steps().get(step);
    int line = read.scenario().places().get(step).line();
    out.println(style.faint("%5d".formatted(line)) + "  " + style.name(done.text()));
    if (done.statement() instanceof Statement.Expect expect) {
      judge(expect, step, report);
    } else {
      out.print(ReportText.of(done.statement(), report));
    }
  }

  private void judge(Statement.Expect expect, int step, Report report) {
    boolean good = report.outcome().equals(Report.OK);
    met += good ? 1 : 0;
    failed += good ? 0 : 1;
    out.println(
        good
            ? style.good("       as expected: " + expect.what())
            : style.bad(read.place(step) + ": " + report.text()));
  }

  @Override
  public void end(int done, String panic) {
    int all = read.scenario().steps().size();
    if (done < all) {
      out.println(
          style.bad(read.place(done) + ": not carried out, as the kernel has stopped: " + panic));
    }
    out.println(
        "%d of %d statements carried out; %d expectations met, %d failed"
            .formatted(done, all, met, failed));
  }

  @Override
  public void close() {
    out.flush();
  }
}
