package dev.pagewalk.machine.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A sweep's file goes on where it was stopped, and parts join to the whole or not at all. */
final class SweepFileTest {
  private static final String ID = "0123456789abcdef";
  private static final int CELLS = 5;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("rows.csv");
  }

  @Test
  void rowsStayInTheOrderInWhichTheyComeUntilAllAreThere() throws IOException {
    try (SweepFile rows = SweepFile.open(file, ID, CELLS)) {
      rows.append(3, row(3));
      rows.append(0, row(0));
      assertEquals(text(3, 0), Files.readString(file));
      rows.finish();
    }
    assertEquals(text(0, 3), Files.readString(file));
    assertEquals(List.of("rows.csv"), List.of(folder.toFile().list()), "nothing else is left");
  }

  /** Whatever byte a sweep is killed at, it goes on behind the last whole row. */
  @Test
  void aKilledSweepGoesOn() throws IOException {
    String whole = text(0, 1, 2);
    for (int bytes = 0; bytes <= whole.length(); bytes++) {
      Files.writeString(file, whole.substring(0, bytes));
      long lines = whole.substring(0, bytes).chars().filter(c -> c == '\n').count();
      try (SweepFile rows = SweepFile.open(file, ID, CELLS)) {
        for (int cell = 0; cell < 3; cell++) {
          assertEquals(lines >= cell + 2, rows.has(cell), bytes + " bytes, cell " + cell);
          if (!rows.has(cell)) {
            rows.append(cell, row(cell));
          }
        }
      }
      assertEquals(whole, Files.readString(file), bytes + " bytes");
    }
  }

  @Test
  void aFileOfSomethingElseIsLeftAlone() throws IOException {
    for (String text :
        List.of(
            "something else",
            "something else\n",
            text(1).replace(ID, "f".repeat(16)),
            text(1).replace("1/5", "1/6"),
            text(1) + "not a row\n",
            text(1).replace("\"x,y\"", "x,y"))) {
      Files.writeString(file, text);
      assertThrows(InputException.class, () -> SweepFile.open(file, ID, CELLS), text);
      assertEquals(text, Files.readString(file));
    }
  }

  @Test
  void twoSweepsDoNotWriteTheSameFile() throws IOException {
    try (SweepFile rows = SweepFile.open(file, ID, CELLS)) {
      assertFalse(rows.has(0));
      assertMistake("another sweep is writing", () -> SweepFile.open(file, ID, CELLS));
    }
    SweepFile.open(file, ID, CELLS).close();
  }

  @Test
  void partsJoinByCell() throws IOException {
    Path output = folder.resolve("all.csv");
    List<Path> parts = List.of(part("a", 4, 1), part("b"), part("c", 0, 3, 2));
    assertEquals(CELLS, SweepRows.merge(parts, output));
    assertEquals(text(0, 1, 2, 3, 4), Files.readString(output));
  }

  @Test
  void partsThatDoNotFitAreRefused() throws IOException {
    Path some = part("a", 0, 1, 2);
    Path rest = part("b", 3, 4);
    assertMistake("expected 5 cells; found 3, missing 3, 4", () -> merge(some));
    assertMistake("found cell 3 again", () -> merge(some, rest, rest));
    Path other = folder.resolve("other.csv");
    Files.writeString(other, text(3, 4).replace(ID, "f".repeat(16)));
    assertMistake("found one of ffffffffffffffff", () -> merge(some, other));
    Files.writeString(other, text(3, 4).substring(0, text(3, 4).length() - 4));
    assertMistake("the last row is not whole", () -> merge(some, other));
    assertMistake("no such file", () -> merge(some, folder.resolve("none.csv")));
    assertMistake("expected rows of a sweep; found none", () -> merge(part("empty")));
  }

  private Path part(String name, int... cells) throws IOException {
    Path part = folder.resolve(name);
    Files.writeString(part, text(cells));
    return part;
  }

  private static void merge(Path... parts) throws IOException {
    SweepRows.merge(List.of(parts));
  }

  private static void assertMistake(String words, Executable action) {
    String message = assertThrows(InputException.class, action).getMessage();
    assertTrue(message.contains(words), message);
  }

  private static String text(int... cells) {
    StringBuilder text = new StringBuilder(SweepCsv.HEADER).append('\n');
    for (int cell : cells) {
      text.append(row(cell)).append('\n');
    }
    return text.toString();
  }

  private static String row(int cell) {
    SweepCell where = new SweepCell(cell, "x,y", "alone", "", "lru", 7);
    SweepResult result = new SweepResult(where, "", 10, 10, 3, -1, 1, 0, -1, null);
    return SweepCsv.row(new SweepCsv.Place(ID, cell, CELLS), result);
  }
}
