package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code pid,op,address[,size]} becomes accesses. */
final class CsvReaderTest {
  private static final String SAMPLE =
      """
      # recorded on a Tuesday
      PID,op,address,size
      4711,r,0x7ffd1000,8
      4711,write,2147483648
       17 , Fetch , 0X401000 , 3\t
      4711,M,18446744073709551615,4096

      # the end
      9223372036854775807,rw,00000000000000000000010,1
      17,l,0xffffffffffffffff
      """;

  @Test
  void eachFormOfLineIsRead() throws IOException {
    TraceReader reader = Accesses.reader(SAMPLE, null);
    assertEquals(
        List.of(
            "R 7ffd1000 8 0",
            "W 80000000 1 0",
            "F 401000 3 1",
            "M ffffffffffffffff 4096 0",
            "M a 1 2",
            "R ffffffffffffffff 1 1"),
        Accesses.of(reader));
    assertEquals(4711, reader.processId(0));
    assertEquals(17, reader.processId(1));
    assertEquals(Long.MAX_VALUE, reader.processId(2));
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws IOException {
    String text = "\ufeffpid,op,address,size\r\n1,r,0x1000,8\r\n";
    assertEquals(List.of("R 1000 8 0"), Accesses.of(Accesses.reader(text, null)));
    assertEquals(List.of("R 1 1 0"), Accesses.of(Accesses.reader("\ufeff1,r,1", null)));
  }

  @Test
  void eachMistakeIsTold() {
    refused("x,r,0x10", "a decimal process id");
    refused("9223372036854775808,r,0x10", "a decimal process id");
    refused("1;r,0x10", "a comma after the process id");
    refused("1", "a comma after the process id");
    refused("1,q,0x10", "an operation: r, w, f or m, or read, write, fetch or modify");
    refused("1,,0x10", "an operation: r, w, f or m, or read, write, fetch or modify");
    refused("1,r", "a comma after the operation");
    refused("1,r 0x10", "a comma after the operation");
    refused("1,r,", "an address of at most 64 bits, hexadecimal with 0x or decimal");
    refused("1,r,0x", "an address of at most 64 bits, hexadecimal with 0x or decimal");
    refused("1,r,-5", "an address of at most 64 bits, hexadecimal with 0x or decimal");
    refused(
        "1,r,18446744073709551616",
        "an address of at most 64 bits, hexadecimal with 0x or decimal");
    refused(
        "1,r,0x10000000000000000", "an address of at most 64 bits, hexadecimal with 0x or decimal");
    refused("1,r,7ffd1000", "0x before a hexadecimal address");
    refused("1,r,0x10,0", "a size from 1 to 4096 bytes");
    refused("1,r,0x10,", "a size from 1 to 4096 bytes");
    refused("1,r,0x10,4097", "a size from 1 to 4096 bytes");
    refused("1,r,0x10,4,5", "a comma or the end of the line after a number");
    refused("1,r,0x10 4", "a comma or the end of the line after a number");
  }

  private static void refused(String line, String expected) {
    String text = "1,r,1\n" + line + "\n";
    TraceException e =
        assertThrows(
            TraceException.class, () -> Accesses.of(Accesses.reader(text, TraceFormat.CSV)));
    assertEquals(
        "standard input: line 2: expected " + expected + "; found \"" + line + "\"",
        e.getMessage());
  }
}
