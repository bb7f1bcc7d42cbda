package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What happens to output on its way: readers that go away, full disks, colour, JSON, numbers. */
class OutputTest {
  @ParameterizedTest
  @ValueSource(strings = {"explain entry 1", "explain entry 1 --json", "--help"})
  void aReaderThatGoesAwayEndsTheCommandQuietly(String command) {
    var err = new ByteArrayOutputStream();
    assertEquals(Main.BROKEN_PIPE, runInto("Broken pipe", command, err));
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain va 1", "explain va 1 --json"})
  void aFullDiskIsToldInOneLine(String command) {
    var err = new ByteArrayOutputStream();
    assertEquals(Main.BAD_INPUT, runInto("No space left on device", command, err));
    assertEquals(
        "pagewalk: standard output: No space left on device\n",
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void colourIsOnlyAddedToTheText() {
    var coloured = new ByteArrayOutputStream();
    var out = new PrintStream(coloured, true, StandardCharsets.UTF_8);
    String[] args = {"explain", "entry", "0x67"};
    assertEquals(0, Main.run(args, new Terminal(out, System.err, Style.COLOUR, true)));
    String text = coloured.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("\u001b["), text);
    assertEquals(CommandRun.of(args).out(), text.replaceAll("\u001b\\[[0-9]*m", ""));
  }

  @Test
  void jsonLinesAreOneDocumentALine() {
    var bytes = new ByteArrayOutputStream();
    try (var json = new JsonLines(new PrintStream(bytes, false, StandardCharsets.UTF_8))) {
      json.begin().hex("pa", -1L).absent("size").text("s", "\u00e9 \"/\" \n").end();
      json.begin().texts("list", List.of("a", "b")).begin("o").number("n", 1).end().end();
    }
    assertEquals(
        """
        {"pa":"0xffffffffffffffff","size":null,"s":"\u00e9 \\"/\\" \\n"}
        {"list":["a","b"],"o":{"n":1}}
        """,
        bytes.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0x0, 0",
    "0X1f, 31",
    "007, 7",
    "0xffffffffffffffff, -1",
    "0x0000000000000000000000000000000000001, 1",
    "18446744073709551615, -1",
    "9223372036854775808, -9223372036854775808"
  })
  void numbersAreUnsignedHexOrDecimal(String text, long value) {
    assertEquals(value, Numbers.parse(text, 64));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18446744073709551616",
        "18446744073709551625",
        "0x10000000000000000",
        "99999999999999999999"
      })
  void aNumberBeyond64BitsIsRefused(String text) {
    assertThrows(TypeConversionException.class, () -> Numbers.parse(text, 64));
  }

  @Test
  void aNumberBeyondItsWidthIsRefused() {
    assertEquals(0xffff_ffffL, Numbers.parse("4294967295", 32));
    assertThrows(TypeConversionException.class, () -> Numbers.parse("4294967296", 32));
  }

  private static int runInto(String failure, String command, OutputStream err) {
    var failing =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    var out = new PrintStream(new StandardOutput(failing, 16), false, StandardCharsets.UTF_8);
    var errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return Main.run(command.split(" ", -1), Terminal.plain(out, errors));
  }
}
