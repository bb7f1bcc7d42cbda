package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ChampSim's instructions become accesses, in both layouts. */
final class ChampSimReaderTest {
  /** Two instructions: a load and store with both destinations and two sources, and a branch. */
  private static final String CHAMPSIM =
      // ip, is_branch, branch_taken, destination_registers, source_registers
      "8010400000000000 00 00 0a00 06190000"
          // destination_memory
          + "0020000000000000 0800ffff7f000000"
          // source_memory
          + "fc0f000000000000 0000000000000000 0010000000000000 0000000000000000"
          + "8510400000000000 01 01 1a00 1a190000"
          + "0000000000000000 0000000000000000"
          + "0000000000000000 0000000000000000 0000000000000000 0000000000000000";

  private static final String CLOUDSUITE =
      // ip, is_branch, branch_taken, destination_registers, source_registers, padding
      "8010400000000000 01 00 00000000 00000000 000000000000"
          // destination_memory
          + "0000000000000000 0020000000000000 0000000000000000 0030000000000000"
          // source_memory
          + "0000000000000000 0000000000000000 0000000000000000 0040000000000000"
          // asid, padding
          + "0201 000000000000"
          + "9010400000000000 00 00 00000000 00000000 000000000000"
          + "00".repeat(64)
          + "0500 000000000000";

  @Test
  void instructionsAreRead() throws IOException {
    TraceReader reader = Accesses.reader(bytes(CHAMPSIM), null, false);
    assertEquals(TraceFormat.CHAMPSIM, reader.format());
    assertEquals(
        List.of(
            "F 401080 1 0",
            "R ffc 4 0",
            "R 1000 8 0",
            "W 2000 8 0",
            "W 7fffff0008 8 0",
            "F 401085 1 0"),
        Accesses.of(reader));
  }

  @Test
  void instructionsOfCloudSuiteAreRead() throws IOException {
    TraceReader reader = Accesses.reader(bytes(CLOUDSUITE), null, false);
    assertEquals(TraceFormat.CLOUDSUITE, reader.format());
    assertEquals(
        List.of("F 401080 1 0", "R 4000 8 0", "W 2000 8 0", "W 3000 8 0", "F 401090 1 1"),
        Accesses.of(reader));
    assertEquals(0x102, reader.processId(0));
    assertEquals(5, reader.processId(1));
  }

  @Test
  void aRecordThatIsCutOffIsToldOrCounted() throws IOException {
    byte[] cut = Arrays.copyOf(bytes(CHAMPSIM), 100);
    refused(
        cut,
        "standard input: byte 64: expected a record of 64 bytes; found the end of the file"
            + " after 36");
    TraceReader reader = Accesses.reader(cut, TraceFormat.CHAMPSIM, true);
    assertEquals(5, Accesses.of(reader).size());
    assertEquals(1, reader.skipped());
  }

  @Test
  void aRecordThatIsNoInstructionIsToldOrCounted() throws IOException {
    for (int at : new int[] {64 + 8, 64 + 9}) {
      byte[] wrong = bytes(CHAMPSIM);
      wrong[at] = 2;
      refused(
          wrong,
          "standard input: byte 64: expected an instruction with an ip, and 0 or 1 as is_branch"
              + " and branch_taken");
      TraceReader reader = Accesses.reader(wrong, TraceFormat.CHAMPSIM, true);
      assertEquals(5, Accesses.of(reader).size());
      assertEquals(1, reader.skipped());
    }
  }

  @Test
  void manyInstructionsAreRead() throws IOException {
    byte[] one = bytes(CHAMPSIM);
    byte[] many = new byte[one.length * 5000];
    for (int i = 0; i < 5000; i++) {
      System.arraycopy(one, 0, many, i * one.length, one.length);
    }
    List<String> all = Accesses.of(Accesses.reader(many, null, false));
    assertEquals(30_000, all.size());
    assertEquals("R ffc 4 0", all.get(29_995));
  }

  private static void refused(byte[] bytes, String message) {
    TraceException e =
        assertThrows(
            TraceException.class,
            () -> Accesses.of(Accesses.reader(bytes, TraceFormat.CHAMPSIM, false)));
    assertEquals(message, e.getMessage());
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
