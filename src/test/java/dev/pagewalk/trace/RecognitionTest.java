package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A format is known by its beginning, and what is no trace is refused. */
final class RecognitionTest {
  @Test
  void textsAreKnownByTheFirstLineThatOnlyOneFormatHas() throws IOException {
    assertEquals(TraceFormat.LACKEY, recognised("==12== Lackey\n\nI  04001080,3\n"));
    assertEquals(TraceFormat.LACKEY, recognised("the program's output\n S 1ffeffe7e0,8\n"));
    assertEquals(TraceFormat.LACKEY, recognised("==12== Lackey, with no access at all\n"));
    assertEquals(TraceFormat.CSV, recognised("pid,op,address,size\n"));
    assertEquals(TraceFormat.CSV, recognised("# comment\n1,r,0x1000\n"));
    assertEquals(TraceFormat.CSV, recognised("1 , write , 4096,8\n"));
    assertEquals(TraceFormat.DIN, recognised("2 401080\n"));
    assertEquals(TraceFormat.DIN, recognised("  0\t1000 a comment, with a comma\n"));
    assertEquals(TraceFormat.DIN, recognised("r 1000 8\n"));
    assertEquals(TraceFormat.DRMEMTRACE, recognised("Output format:\n"));
    assertEquals(TraceFormat.DRMEMTRACE, recognised("T1 <marker: version 3>\n"));
    assertEquals(TraceFormat.DRMEMTRACE, recognised("1 1: 7 read 8 byte(s) @ 0x10 by PC 0x1\n"));
  }

  @Test
  void whatIsNoTraceIsRefused() {
    String known = "expected a trace (pwt, lackey, din, champsim, cloudsuite, drmemtrace, csv)";
    refused("", known + "; found an empty file");
    refused("hello\nworld\n", known + "; found \"hello\"");
    refused("\u0000\u0001\u0002", known + "; found \"???\"");
    refused("x".repeat(100_000), known + "; found \"" + "x".repeat(60) + "…\"");
    refused("\u0000".repeat(6400), known + "; found \"" + "?".repeat(60) + "…\"");
  }

  @Test
  void aFormatThatIsGivenIsNotQuestioned() {
    TraceException e =
        assertThrows(
            TraceException.class,
            () -> Accesses.of(Accesses.reader(" L 1000,8\n", TraceFormat.CSV)));
    assertEquals(
        "standard input: line 1: expected a decimal process id; found \" L 1000,8\"",
        e.getMessage());
    e =
        assertThrows(
            TraceException.class,
            () -> Accesses.of(Accesses.reader(" L 1000,8 and more text", TraceFormat.PWT)));
    assertEquals(
        "standard input: byte 0: expected a Pagewalk trace; found other data", e.getMessage());
  }

  @Test
  void namesOfFormatsAreChecked() {
    assertEquals(TraceFormat.LACKEY, TraceFormat.of("Lackey"));
    var e = assertThrows(IllegalArgumentException.class, () -> TraceFormat.of("elf"));
    assertEquals(
        "expected one of pwt, lackey, din, champsim, cloudsuite, drmemtrace, csv; found \"elf\"",
        e.getMessage());
  }

  private static TraceFormat recognised(String text) throws IOException {
    try (TraceReader reader = Accesses.reader(text, null)) {
      return reader.format();
    }
  }

  private static void refused(String text, String expected) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TraceException e =
        assertThrows(TraceException.class, () -> Accesses.reader(bytes, null, false).close());
    assertEquals("standard input: byte 0: " + expected, e.getMessage());
  }
}
