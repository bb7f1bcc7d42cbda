package dev.pagewalk.cli;

import static java.util.stream.Collectors.joining;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.MachineFile;
import dev.pagewalk.machine.replay.Counter;
import dev.pagewalk.machine.replay.Counts;
import dev.pagewalk.machine.replay.EffectiveTime;
import dev.pagewalk.machine.replay.Refusal;
import dev.pagewalk.machine.replay.ReplayResult;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The report of a replay, for a person or a program.
 *
 * @param trace as the user named it
 * @param computer the machine
 * @param result what was found
 * @param evictions pages that were given up, as far as that was asked for
 */
record ReplayOutput(String trace, Computer computer, ReplayResult result, EvictionList evictions) {
  private static final int WIDTH = 34;

  /** A table of what came up, the time of an access by cause, and the processes. */
  void text(Terminal terminal) {
    PrintStream out = terminal.out();
    Style style = terminal.style();
    Counts counts = result.counts();
    MachineFile file = computer.file();
    out.println(
        style.strong(trace)
            + " on "
            + file.name()
            + ": "
            + computer.cpu()
            + ", "
            + count(file.cores(), "core")
            + ", "
            + (file.frames() == null ? "no limit of frames" : count(file.frames(), "frame"))
            + ", policy "
            + computer.policy());
    out.println();
    for (Counter counter : Counter.values()) {
      long value = counts.of(counter);
      if (value != 0) {
        out.println(
            Page.pad(counter.title(), WIDTH)
                + String.format(Locale.ROOT, "%,16d", value)
                + share(counter, counts));
      }
    }
    row(out, "pages resident at the end", result.residentPages());
    row(out, "frames of page tables at the end", result.tablePages());
    out.println();
    time(out, style);
    if (result.processes().size() > 1) {
      out.println();
      processes(out, style);
    }
    if (!evictions.pages().isEmpty()) {
      out.println();
      out.println(style.strong("Pages given up, in order:"));
      out.println("  " + evictions.pages().stream().map(String::valueOf).collect(joining(" ")));
    }
    result.firstRefusal().ifPresent(refusal -> refused(out, refusal));
  }

  private static void row(PrintStream out, String title, long value) {
    out.printf(Locale.ROOT, "%s%,16d%n", Page.pad(title, WIDTH), value);
  }

  private static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  /** Of what a counter is a share, where that tells something. */
  private static String share(Counter counter, Counts counts) {
    boolean told =
        switch (counter) {
          case FIRST_HITS, SECOND_HITS, WALKS -> true;
          default -> false;
        };
    double all = counts.of(Counter.TRANSLATIONS);
    return told && all > 0
        ? String.format(Locale.ROOT, "  %6.2f %%", 100 * counts.of(counter) / all)
        : "";
  }

  private void time(PrintStream out, Style style) {
    EffectiveTime time = result.time();
    out.println(
        style.strong(
            "Effective access time: "
                + time.perAccess()
                + " ns (costs "
                + computer.costs().name()
                + ")"));
    for (EffectiveTime.Line line : time.lines()) {
      double percent = 100 * line.picoseconds().doubleValue() / time.picoseconds().doubleValue();
      out.printf(
          Locale.ROOT,
          "%s%,16d%14s ns  %5.1f %%%n",
          Page.pad("  " + line.cause().title(), WIDTH),
          line.events(),
          line.perAccess(),
          percent);
    }
  }

  private void processes(PrintStream out, Style style) {
    out.println(
        style.strong(
            "       process        accesses  minor faults  major faults         walks  resident"));
    for (ReplayResult.ProcessResult process : result.processes()) {
      out.printf(
          Locale.ROOT,
          "%14d%,16d%,14d%,14d%,14d%,10d%s%n",
          process.id(),
          process.accesses(),
          process.minorFaults(),
          process.majorFaults(),
          process.walks(),
          process.residentPages(),
          process.killed() ? "  killed" : "");
    }
  }

  private static void refused(PrintStream out, Refusal refusal) {
    out.printf(
        Locale.ROOT,
        "%nFirst refused: access %,d, a %s of 0x%x by process %d: %s%n",
        refusal.access(),
        refusal.kind(),
        refusal.address(),
        refusal.processId(),
        refusal.signal());
  }

  /** All of it as one document. */
  void json(PrintStream out) {
    MachineFile file = computer.file();
    try (JsonLines json = new JsonLines(out)) {
      json.begin()
          .text("trace", trace)
          .text("machine", file.name())
          .text("cpu", computer.cpu())
          .text("costs", computer.costs().name())
          .text("policy", computer.policy())
          .text("scope", file.scope() == MachineFile.Scope.GLOBAL ? "global" : "process")
          .number("cores", file.cores());
      if (file.frames() != null) {
        json.number("frames", file.frames());
      }
      json.begin("counts");
      for (Counter counter : Counter.values()) {
        json.number(counter.key(), result.counts().of(counter));
      }
      json.end()
          .number("resident_pages", result.residentPages())
          .number("table_pages", result.tablePages());
      time(json);
      processes(json);
      if (!evictions.pages().isEmpty()) {
        json.numbers("evictions", evictions.pages());
      }
      result.firstRefusal().ifPresent(refusal -> refused(json, refusal));
      json.end();
    }
  }

  private void time(JsonLines json) {
    EffectiveTime time = result.time();
    json.begin("time")
        .exact("ns", EffectiveTime.nanoseconds(time.picoseconds()))
        .exact("ns_per_access", time.perAccess())
        .beginArray("causes");
    for (EffectiveTime.Line line : time.lines()) {
      json.begin()
          .text("cause", line.cause().key())
          .number("events", line.events())
          .exact("ns", EffectiveTime.nanoseconds(line.picoseconds()))
          .exact("ns_per_access", line.perAccess())
          .end();
    }
    json.endArray().end();
  }

  private void processes(JsonLines json) {
    json.beginArray("processes");
    for (ReplayResult.ProcessResult process : result.processes()) {
      json.begin()
          .number("id", process.id())
          .number("accesses", process.accesses())
          .number("minor_faults", process.minorFaults())
          .number("major_faults", process.majorFaults())
          .number("walks", process.walks())
          .number("words", process.words())
          .number("resident_pages", process.residentPages())
          .number("refused", process.refused())
          .number("skipped", process.skipped())
          .flag("killed", process.killed())
          .end();
    }
    json.endArray();
  }

  private static void refused(JsonLines json, Refusal refusal) {
    json.begin("first_refusal")
        .number("access", refusal.access())
        .number("process", refusal.processId())
        .text("address", Hex.of(refusal.address()))
        .text("kind", refusal.kind())
        .text("signal", refusal.signal())
        .end();
  }
}
