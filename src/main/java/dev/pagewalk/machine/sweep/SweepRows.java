package dev.pagewalk.machine.sweep;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads rows of sweeps, and joins those of parts. */
public final class SweepRows {
  private static final int MOST_NAMED = 5;

  private SweepRows() {}

  /**
   * A row of a file.
   *
   * @param line where it stands, from 1
   * @param place which row it is
   * @param text all of it
   */
  record Row(int line, SweepCsv.Place place, String text) {}

  /**
   * The rows of a file's text.
   *
   * @throws InputException if a line is none
   */
  static List<Row> parse(String file, String text) throws InputException {
    List<Row> rows = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int number = i + 1;
      if (i == 0) {
        if (!line.equals(SweepCsv.HEADER)) {
          throw new InputException(file, "line 1", "expected the header of a sweep's rows");
        }
        continue;
      }
      SweepCsv.Place place =
          SweepCsv.place(line)
              .orElseThrow(
                  () -> new InputException(file, "line " + number, "expected a row of a sweep"));
      rows.add(new Row(number, place, line));
    }
    return rows;
  }

  /**
   * Joins the parts of a sweep.
   *
   * @param parts their files
   * @return the rows, in the order of their cells
   * @throws InputException if the parts are of different sweeps, or a row is missing or there twice
   */
  public static List<String> merge(List<Path> parts) throws IOException {
    Map<Integer, String> rows = new TreeMap<>();
    SweepCsv.Place first = null;
    for (Path part : parts) {
      for (Row row : read(part)) {
        SweepCsv.Place place = row.place();
        first = first == null ? place : first;
        String where = "line " + row.line();
        if (!place.sweep().equals(first.sweep()) || place.cells() != first.cells()) {
          throw new InputException(
              part.toString(),
              where,
              "expected a row of sweep " + first.sweep() + "; found one of " + place.sweep());
        }
        if (rows.put(place.cell(), row.text()) != null) {
          throw new InputException(
              part.toString(),
              where,
              "expected each cell once; found cell " + place.cell() + " again");
        }
      }
    }
    if (first == null) {
      throw new InputException("expected rows of a sweep; found none");
    }
    int cells = first.cells();
    if (rows.size() < cells) {
      throw new InputException(
          "expected "
              + cells
              + " cells; found "
              + rows.size()
              + ", missing "
              + missing(rows, cells));
    }
    return List.copyOf(rows.values());
  }

  /**
   * Joins the parts of a sweep to a file, which is there when all is well and not before.
   *
   * @return how many rows it has
   */
  public static int merge(List<Path> parts, Path output) throws IOException {
    List<String> rows = merge(parts);
    SweepFile.writeWhole(output, rows);
    return rows.size();
  }

  private static List<Row> read(Path part) throws IOException {
    String text;
    try {
      text = Files.readString(part);
    } catch (IOException e) {
      throw InputException.of(part.toString(), e);
    }
    if (!text.endsWith("\n")) {
      throw new InputException(
          part.toString(), "", "the last row is not whole: run the sweep again to go on with it");
    }
    return parse(part.toString(), text);
  }

  private static String missing(Map<Integer, String> rows, int cells) {
    String named =
        IntStream.range(0, cells)
            .filter(cell -> !rows.containsKey(cell))
            .limit(MOST_NAMED)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return cells - rows.size() > MOST_NAMED ? named + ", …" : named;
  }
}
