package dev.pagewalk.machine.sweep;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows of a sweep as CSV (RFC 4180), a line each. The first column says which sweep it is, the
 * second which cell of how many, {@code 17/240}: so parts of different sweeps are told apart.
 */
public final class SweepCsv {
  /** The first line of each file. */
  public static final String HEADER =
      "sweep,cell,trace,machine,cpu,policy,frames,accesses,page_accesses,faults,miss_ratio,"
          + "major_faults,evictions,write_backs,walks,ns_per_access";

  private static final int COMMAS = (int) HEADER.chars().filter(c -> c == ',').count();

  private static final Pattern BEGINNING =
      Pattern.compile("([0-9a-f]{16}),([0-9]{1,9})/([0-9]{1,9}),(.*)");

  /** A field of a row: quoted, quotes inside doubled; or without quotes and commas. */
  private static final Pattern FIELD = Pattern.compile("\"(?:[^\"]|\"\")*\"|[^\",]*");

  private SweepCsv() {}

  /**
   * What stands at the beginning of a row.
   *
   * @param sweep which sweep it is of
   * @param cell which cell
   * @param cells how many the sweep has
   */
  public record Place(String sweep, int cell, int cells) {}

  /** A row, without the end of its line. */
  public static String row(Place place, SweepResult result) {
    SweepCell cell = result.cell();
    StringBuilder row = new StringBuilder();
    row.append(place.sweep).append(',').append(place.cell).append('/').append(place.cells);
    add(row, cell.trace());
    add(row, cell.machine());
    add(row, result.cpu());
    add(row, cell.policy());
    add(row, cell.frames());
    add(row, result.accesses());
    add(row, result.pageAccesses());
    add(row, result.faults());
    add(row, String.format(Locale.ROOT, "%.6f", result.missRatio()));
    add(row, result.majorFaults());
    add(row, result.evictions());
    add(row, result.writeBacks());
    add(row, result.walks());
    add(row, result.nanoseconds() == null ? "" : result.nanoseconds().toPlainString());
    return row.toString();
  }

  /** The beginning of a row; empty if it is no row. */
  public static Optional<Place> place(String row) {
    Matcher matcher = BEGINNING.matcher(row);
    if (!matcher.matches() || commas(row) != COMMAS) {
      return Optional.empty();
    }
    int cell = Integer.parseInt(matcher.group(2));
    int cells = Integer.parseInt(matcher.group(3));
    return cell < cells ? Optional.of(new Place(matcher.group(1), cell, cells)) : Optional.empty();
  }

  /** Commas between fields; -1 if the quotes do not match. */
  private static int commas(String row) {
    Matcher field = FIELD.matcher(row);
    int at = 0;
    int commas = 0;
    while (true) {
      field.region(at, row.length());
      if (!field.lookingAt()) {
        return -1;
      }
      at = field.end();
      if (at == row.length()) {
        return commas;
      }
      if (row.charAt(at) != ',') {
        return -1;
      }
      commas++;
      at++;
    }
  }

  private static void add(StringBuilder row, long number) {
    add(row, number == SweepResult.NOT_KNOWN ? "" : Long.toString(number));
  }

  private static void add(StringBuilder row, String text) {
    row.append(',');
    if (text.indexOf(',') < 0 && text.indexOf('"') < 0) {
      row.append(text);
    } else {
      row.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
  }
}
