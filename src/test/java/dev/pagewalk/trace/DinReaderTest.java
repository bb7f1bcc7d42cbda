package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dinero's input becomes accesses, in both of its forms. */
final class DinReaderTest {
  /** The examples of the man page dinero(1), "din format", and more. */
  private static final String TRADITIONAL =
      """
      2 0 This is an instruction fetch at hex address 0.
      0 1000 This is a data read at hex address 1000.
      1 70f60888 This is a data write at hex address 70f60888.
      3 70f60888 An escape record, of unknown kind.
      4 0 An escape record that flushes the cache.
        0\t0xFFFFFFFFFFFFFFFF
      0 1002

      2 2cb5
      """;

  @Test
  void traditionalLinesAreRead() throws IOException {
    assertEquals(
        List.of(
            "F 0 4 0",
            "R 1000 4 0",
            "W 70f60888 4 0",
            "R ffffffffffffffff 1 0",
            "R 1002 2 0",
            "F 2cb5 3 0"),
        Accesses.of(Accesses.reader(TRADITIONAL, null)));
  }

  @Test
  void extendedLinesAreRead() throws IOException {
    String text =
        """
        r 7fff1000 8 a comment
        w 0x7fff1008 0x10
        i 401080 f
        m 10 1
        c 10 1
        v 10 1
        r 2000 1000
        """;
    assertEquals(
        List.of("R 7fff1000 8 0", "W 7fff1008 16 0", "F 401080 15 0", "R 10 1 0", "R 2000 4096 0"),
        Accesses.of(Accesses.reader(text, null)));
  }

  @Test
  void eachMistakeIsTold() {
    refused("5 1000", "a label from 0 to 4, or r, w, i, m, c or v");
    refused("20 1000", "a label from 0 to 4, or r, w, i, m, c or v");
    refused("read 1000", "a label from 0 to 4, or r, w, i, m, c or v");
    refused("0", "a hexadecimal address of at most 64 bits");
    refused("0 x", "a hexadecimal address of at most 64 bits");
    refused("0 0x", "a hexadecimal address of at most 64 bits");
    refused("0 100g", "a hexadecimal address of at most 64 bits");
    refused("0 10000000000000000", "a hexadecimal address of at most 64 bits");
    refused("r 1000", "a hexadecimal size from 1 to 1000");
    refused("r 1000 0", "a hexadecimal size from 1 to 1000");
    refused("r 1000 1001", "a hexadecimal size from 1 to 1000");
    refused("r 1000 8x", "a hexadecimal size from 1 to 1000");
  }

  private static void refused(String line, String expected) {
    TraceException e =
        assertThrows(
            TraceException.class,
            () -> Accesses.of(Accesses.reader("2 0\n" + line + "\n", TraceFormat.DIN)));
    assertEquals(
        "standard input: line 2: expected " + expected + "; found \"" + line + "\"",
        e.getMessage());
  }
}
