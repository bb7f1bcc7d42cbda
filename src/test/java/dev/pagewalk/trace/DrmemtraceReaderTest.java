package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What DynamoRIO's view of a drmemtrace prints becomes accesses, whichever version printed it. */
final class DrmemtraceReaderTest {
  /** As version 9.90 and later print it, with the workload before the thread. */
  private static final String WORKLOADS =
      """
      Output format:
      <--record#-> <--instr#->: <Wrkld.Tid> <record details>
      ------------------------------------------------------------
                 1           0:    W0.T4711 <marker: version 7>
                 2           0:    W0.T4711 <marker: filetype 0xe40>
                 3           0:    W0.T4711 <marker: W0.T4711 on core 2>
                 4           1:    W0.T4711 ifetch       3 byte(s) @ 0x00007f6fdd3ec360 48 89 e7             mov    %rsp -> %rdi
                 5           2:    W0.T4711 ifetch       8 byte(s) @ 0x0000000000401012 48 8d 34 25 00 20 40 lea    0x00402000 -> %rsi
                 5           2:    W0.T4711                                             00
                 6           2:    W0.T4711 write        8 byte(s) @ 0x00007fff0cad0d98 by PC 0x00007f6fdd3ec363
      ------------------------------------------------------------
                 7           2:    W1.T4712 read        64 byte(s) @ 0x00007fff0cad0d98 by PC 0x00007f6fdd3ec363
                 8           2:    W1.T4712 <thread 4712 exited>
                 9           2:    W0.T4711 pref-r-L1    1 byte(s) @ 0x0000000000001000 by PC 0x00007f6fdd3ec363
                10           2:    W0.T4711 dflush      64 byte(s) @ 0x0000000000001000 by PC 0x00007f6fdd3ec363
      View tool results:
                    2 : total instructions
      """;

  /** As the documentation of 2023 shows it. */
  private static final String INSTRUCTION_NUMBERS =
      """
      Output format:
      <--record#-> <--instr#->: <---tid---> <record details>
      ------------------------------------------------------------
             47444       37769:     2765543 ifetch       6 byte(s) @ 0x0000000000404a78 0f 84 5b 01 00 00    jz     $0x0000000000404bd9 (untaken)
             47446       37770:     2765543 read         8 byte(s) @ 0x00007fdf64e2adc8 by PC 0x0000000000404a7e
                94          68:      296231                                             00
      """;

  /** As the documentation of 2022 shows it. */
  private static final String RECORD_NUMBERS =
      """
      Output format:
      <record#>: T<tid> <record details>
      ------------------------------------------------------------
              1: T1774673 <marker: version 4>
         173369: T1774669 ifetch       3 byte(s) @ 0x0000000000402680 f3 48 a5             rep movsq
         173370: T1774669 read         8 byte(s) @ 0x00007f8881e37c70 by PC 0x0000000000402680
         173371: T1774669 write        8 byte(s) @ 0x00007f8881e37a70 by PC 0x0000000000402680
      """;

  /** Threads alone, instructions that could not be disassembled, and the oldest form of data. */
  private static final String THREADS =
      """
      T342625 <marker: version 3>
      T342625 ifetch       3 byte(s) @ 0x00007f4b5e4b5090 non-branch
      T342625 ifetch       3 byte(s) @ 0x00007f4b5e4b5090 non-fetched instruction
      T342625 write        8 byte(s) @ 0x00007fff00000010 by PC 0x00007f4b5e4b5093
          read  16 byte(s) @ 0x7fff00000020
      """;

  @Test
  void workloadsAreProcesses() throws IOException {
    TraceReader reader = Accesses.reader(WORKLOADS, null);
    assertEquals(TraceFormat.DRMEMTRACE, reader.format());
    assertEquals(
        List.of("F 7f6fdd3ec360 3 0", "F 401012 8 0", "W 7fff0cad0d98 8 0", "R 7fff0cad0d98 64 1"),
        Accesses.of(reader));
    assertEquals(1, reader.processId(1));
  }

  @Test
  void earlierColumnsAreRead() throws IOException {
    assertEquals(
        List.of("F 404a78 6 0", "R 7fdf64e2adc8 8 0"),
        Accesses.of(Accesses.reader(INSTRUCTION_NUMBERS, null)));
    assertEquals(
        List.of("F 402680 3 0", "R 7f8881e37c70 8 0", "W 7f8881e37a70 8 0"),
        Accesses.of(Accesses.reader(RECORD_NUMBERS, null)));
    assertEquals(
        List.of("F 7f4b5e4b5090 3 0", "W 7fff00000010 8 0", "R 7fff00000020 16 0"),
        Accesses.of(Accesses.reader(THREADS, null)));
  }

  @Test
  void eachMistakeIsTold() {
    String records = "ifetch, read, write, another record of drmemtrace's view, or a marker";
    refused("T1 jump 3 byte(s) @ 0x10", records);
    refused("hello", records);
    refused("T1 read 0 byte(s) @ 0x10", "a size from 1 to 4096 bytes");
    refused("T1 read x byte(s) @ 0x10", "a size from 1 to 4096 bytes");
    refused("T1 read 8 bytes @ 0x10", "\" byte(s) @ 0x\" after the size");
    refused("T1 read 8 byte(s) @ 10", "\" byte(s) @ 0x\" after the size");
    refused("T1 read 8 byte(s) @ 0x", "a hexadecimal address of at most 64 bits");
    refused("T1 read 8 byte(s) @ 0x12345678123456781", "a hexadecimal address of at most 64 bits");
    refused("T1 read 8 byte(s) @ 0x12,", "a hexadecimal address of at most 64 bits");
  }

  private static void refused(String line, String expected) {
    TraceException e =
        assertThrows(
            TraceException.class,
            () ->
                Accesses.of(
                    Accesses.reader("T1 <marker: x>\n" + line + "\n", TraceFormat.DRMEMTRACE)));
    assertEquals(
        "standard input: line 2: expected " + expected + "; found \"" + line + "\"",
        e.getMessage());
  }
}
