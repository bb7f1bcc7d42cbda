package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lackey prints becomes accesses. */
final class LackeyReaderTest {
  private static final String SAMPLE =
      """
      ==15041== Lackey, an example Valgrind tool
      ==15041== Command: ls /
      ==15041==
      --15041-- verbose
      **15041** from the program

      I  0401ab70,3
      SB 0401ab73
      I  0401ab73,5
       S 1fff000778,8
       L ffffffffff600000,16
       M 00,1
       L 7ffffffff000,4096
      ==15041== Exit code:       0
      """;

  @Test
  void eachKindOfLineIsRead() throws IOException {
    assertEquals(
        List.of(
            "F 401ab70 3 0",
            "F 401ab73 5 0",
            "W 1fff000778 8 0",
            "R ffffffffff600000 16 0",
            "M 0 1 0",
            "R 7ffffffff000 4096 0"),
        Accesses.of(Accesses.reader(SAMPLE, null)));
  }

  @Test
  void lineEndsOfOtherSystemsAndAMissingLastOneAreTaken() throws IOException {
    assertEquals(
        List.of("R 10 4 0", "W 20 8 0"),
        Accesses.of(Accesses.reader(" L 10,4\r\n S 20,8", TraceFormat.LACKEY)));
  }

  @Test
  void eachMistakeIsTold() {
    refused(" L ,4", "a hexadecimal address of at most 64 bits");
    refused(" L 12345678901234567,4", "a hexadecimal address of at most 64 bits");
    refused(" L 1234 4", "a comma after the address");
    refused(" L 1234", "a comma after the address");
    refused(" L 12x4,4", "a comma after the address");
    refused(" L 1234,", "a size from 1 to 4096 bytes");
    refused(" L 1234,0", "a size from 1 to 4096 bytes");
    refused(" L 1234,4097", "a size from 1 to 4096 bytes");
    refused(" L 1234,-4", "a size from 1 to 4096 bytes");
    refused(" L 1234,4 ", "the end of the line after the size");
    refused("L 1234,4", "\"I  \", \" L \", \" S \" or \" M \" before an address");
    refused(" X 1234,4", "\"I  \", \" L \", \" S \" or \" M \" before an address");
    refused("hello", "\"I  \", \" L \", \" S \" or \" M \" before an address");
    refused("==x", "\"I  \", \" L \", \" S \" or \" M \" before an address");
  }

  @Test
  void malformedLinesAreCountedIfAskedFor() throws IOException {
    byte[] text = " L 10,4\nhello\n S 20,8\n L x,1\n".getBytes(StandardCharsets.UTF_8);
    TraceReader reader = Accesses.reader(text, TraceFormat.LACKEY, true);
    assertEquals(List.of("R 10 4 0", "W 20 8 0"), Accesses.of(reader));
    assertEquals(2, reader.skipped());
  }

  private static void refused(String line, String expected) {
    String text = " L 10,4\n\n" + line + "\n S 20,8\n";
    TraceException e =
        assertThrows(
            TraceException.class, () -> Accesses.of(Accesses.reader(text, TraceFormat.LACKEY)));
    assertEquals(
        "standard input: line 3: expected " + expected + "; found \"" + line + "\"",
        e.getMessage());
  }
}
