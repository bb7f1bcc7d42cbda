package dev.pagewalk.cli;

import dev.pagewalk.machine.sweep.SweepCell;
import dev.pagewalk.machine.sweep.SweepCsv;
import dev.pagewalk.machine.sweep.SweepFile;
import dev.pagewalk.machine.sweep.SweepResult;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** Writes the rows of a sweep: to its file as they come, or to the terminal by cell. */
final class SweepOutput {
  private final Terminal terminal;
  private final Of sweep;
  private final SweepFile file;
  private final JsonLines json;

  /** Results that wait for one before them, by cell. */
  private final TreeMap<Integer, SweepResult> waiting = new TreeMap<>();

  private List<SweepCell> cells = List.of();
  private int printed;

  /**
   * Which sweep it is.
   *
   * @param id of the sweep
   * @param cells how many it has, with those of other parts
   */
  record Of(String id, int cells) {}

  /**
   * No rows yet.
   *
   * @param file where they go; null for the terminal
   */
  SweepOutput(Terminal terminal, Of sweep, SweepFile file, boolean asJson) {
    this.terminal = terminal;
    this.sweep = sweep;
    this.file = file;
    json = asJson && file == null ? new JsonLines(terminal.out()) : null;
    if (file == null && !asJson) {
      terminal.out().println(SweepCsv.HEADER);
    }
  }

  /** Those of {@code all} that have no row yet; they will be added, in some order. */
  List<SweepCell> missing(List<SweepCell> all) {
    cells = all.stream().filter(cell -> file == null || !file.has(cell.number())).toList();
    return cells;
  }

  /** A cell has run. */
  void add(SweepResult result) throws IOException {
    int cell = result.cell().number();
    if (file != null) {
      file.append(cell, row(result));
      return;
    }
    waiting.put(cell, result);
    while (printed < cells.size() && waiting.containsKey(cells.get(printed).number())) {
      print(waiting.remove(cells.get(printed).number()));
      printed++;
    }
  }

  /** All cells have run. */
  void finish() throws IOException {
    if (file != null) {
      file.finish();
    }
    if (json != null) {
      json.close();
    }
  }

  private void print(SweepResult result) {
    if (json == null) {
      terminal.out().println(row(result));
      terminal.out().flush();
      return;
    }
    SweepCell cell = result.cell();
    json.begin().text("sweep", sweep.id).number("cell", cell.number()).number("cells", sweep.cells);
    json.text("trace", cell.trace()).text("machine", cell.machine());
    if (!cell.isAlone()) {
      json.text("cpu", result.cpu());
    }
    json.text("policy", cell.policy()).number("frames", cell.frames());
    json.number("accesses", result.accesses()).number("page_accesses", result.pageAccesses());
    json.number("faults", result.faults());
    json.number("evictions", result.evictions()).number("write_backs", result.writeBacks());
    if (!cell.isAlone()) {
      json.number("major_faults", result.majorFaults()).number("walks", result.walks());
      json.decimal("ns_per_access", result.nanoseconds().doubleValue());
    }
    json.end();
    json.flush();
  }

  private String row(SweepResult result) {
    var place = new SweepCsv.Place(sweep.id, result.cell().number(), sweep.cells);
    return SweepCsv.row(place, result);
  }
}
