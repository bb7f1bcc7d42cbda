package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever bytes a trace has, it is read or refused in one line, and passed over where asked for.
 */
final class FuzzedTraceTest {
  private static final int ROUNDS = 3000;

  @ParameterizedTest
  @EnumSource
  void anyBytesAreReadOrRefused(TraceFormat format) throws IOException {
    Random random = new Random(format.ordinal());
    byte[] sound = sample(format);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutated(sound, random);
      try {
        Accesses.of(Accesses.reader(bytes, round % 2 == 0 ? format : null, false));
      } catch (TraceException e) {
        refused++;
        assertTrue(e.getMessage().startsWith("standard input: "), e.getMessage());
        assertTrue(e.getMessage().chars().noneMatch(c -> c < ' '), e.getMessage());
      }
    }
    assertTrue(refused > ROUNDS / 10, refused + " refused");
  }

  @ParameterizedTest
  @EnumSource(names = "PWT", mode = EnumSource.Mode.EXCLUDE)
  void anyBytesArePassedOverWhereAskedFor(TraceFormat format) throws IOException {
    Random random = new Random(~format.ordinal());
    byte[] sound = sample(format);
    long skipped = 0;
    for (int round = 0; round < ROUNDS; round++) {
      TraceReader reader = Accesses.reader(mutated(sound, random), format, true);
      Accesses.of(reader);
      skipped += reader.skipped();
    }
    assertTrue(skipped > ROUNDS / 10, skipped + " passed over");
  }

  private static byte[] mutated(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] = (byte) "0xLSIMrw, :.\n".charAt(random.nextInt(13));
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + at + 1);
          System.arraycopy(bytes, 0, longer, bytes.length, at + 1);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private static byte[] sample(TraceFormat format) throws IOException {
    String text =
        switch (format) {
          case LACKEY -> "==1== x\nI  0401ab70,3\n S 1fff000778,8\n L 1,1\n M 4,4\n";
          case CSV -> "pid,op,address,size\n1,r,0x1000,8\n2,write,4096\n# x\n";
          case DIN -> "2 401080\n0 1000 x\nr 1000 8\n4 0\n";
          case DRMEMTRACE ->
              """
              Output format:
                 1   1:  W0.T4711 ifetch       3 byte(s) @ 0x00007f6fdd3ec360 48 89 e7    mov
                 2   1:  W0.T4711 <marker: x>
              T4711 read 8 byte(s) @ 0x00007f6fdd3ec360 by PC 0x10
              """;
          case CHAMPSIM -> ("ip______" + "\0".repeat(56)).repeat(3);
          case CLOUDSUITE -> ("ip______" + "\0".repeat(88)).repeat(3);
          case PWT -> "";
        };
    return format == TraceFormat.PWT
        ? Accesses.written(TraceFiles.open("uniform:count=50,write=0.5,processes=2"), format)
        : text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
