package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compressed traces are read like others, several members too, and damaged ones are refused. */
final class CompressionTest {
  private static final String TEXT = " L 1000,8\n".repeat(500);
  private static final int LINES = 500;

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "XZ", "ZSTD"})
  void oneMemberOrSeveralAreExpanded(Compression compression) throws IOException {
    byte[] one = compressed(compression, TEXT);
    assertEquals(LINES, count(one));
    byte[] several = join(one, compressed(compression, ""), one, one);
    assertEquals(3 * LINES, count(several));
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "XZ", "ZSTD"})
  void aFileCutOffAnywhereIsRefused(Compression compression) throws IOException {
    byte[] sound = compressed(compression, TEXT);
    for (int length = 6; length < sound.length; length++) {
      refusal(Arrays.copyOf(sound, length), "cut off after " + length);
    }
    // Also within a later member.
    byte[] two = join(sound, sound);
    for (int length = sound.length + 1; length < two.length; length++) {
      refusal(Arrays.copyOf(two, length), "cut off after " + length);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "XZ", "ZSTD"})
  void whatFollowsTheLastMemberIsRefused(Compression compression) throws IOException {
    byte[] sound = compressed(compression, TEXT);
    for (int more : new int[] {1, 8, 9, 30, 100_000}) {
      byte[] other = new byte[more];
      Arrays.fill(other, (byte) 'x');
      refusal(join(sound, other), more + " bytes more");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "XZ", "ZSTD"})
  void changedBytesNeverChangeWhatIsRead(Compression compression) throws IOException {
    byte[] sound = compressed(compression, TEXT);
    List<String> expected = Accesses.of(Accesses.reader(sound, TraceFormat.LACKEY, false));
    int refused = 0;
    for (int at = 0; at < sound.length; at++) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 0x10;
      try {
        assertEquals(expected, Accesses.of(Accesses.reader(damaged, TraceFormat.LACKEY, false)));
      } catch (IOException e) {
        refused++;
      }
    }
    // Some bytes of a header mean nothing: gzip's time and system.
    assertTrue(refused >= sound.length - 8, refused + " of " + sound.length);
  }

  @Test
  void messagesSayWhere() throws IOException {
    byte[] gzip = compressed(Compression.GZIP, TEXT);
    assertEquals(
        "standard input: byte 5000 of what it expands to: expected sound gz data; found \"something"
            + " else after the last member\"",
        refusal(join(gzip, new byte[] {1}), ""));
    assertEquals(
        "standard input: byte 5000 of what it expands to: expected sound gz data; found the end of"
            + " the file",
        refusal(Arrays.copyOf(gzip, gzip.length - 1), ""));
  }

  @Test
  void suffixesChooseTheCompressionOfAFile(@TempDir Path folder) throws IOException {
    for (String suffix : new String[] {"", ".gz", ".xz", ".zst"}) {
      String name = folder.resolve("trace.pwt" + suffix).toString();
      try (TraceReader reader = TraceFiles.open("loop:count=20k,write=0.5");
          TraceWriter writer = TraceFiles.create(name, null, reader::processId)) {
        AccessBatch batch = new AccessBatch();
        while (reader.read(batch)) {
          writer.write(batch);
        }
        writer.finish();
      }
      assertEquals(
          Accesses.of(TraceFiles.open("loop:count=20k,write=0.5")),
          Accesses.of(TraceFiles.open(name)),
          suffix);
      byte[] head = Arrays.copyOf(Files.readAllBytes(Path.of(name)), 6);
      assertEquals(Compression.ofName(name), magicOf(head), suffix);
    }
  }

  @Test
  void withoutItsLibraryACompressionIsRefusedAndTheRestWorks(@TempDir Path folder)
      throws Exception {
    Path plain = Files.writeString(folder.resolve("a"), TEXT);
    Path gzip = Files.write(folder.resolve("b"), compressed(Compression.GZIP, TEXT));
    Path xz = Files.write(folder.resolve("c"), compressed(Compression.XZ, TEXT));
    Path zstd = Files.write(folder.resolve("d"), compressed(Compression.ZSTD, TEXT));
    URL[] classes = {Path.of("target/classes/").toUri().toURL()};
    try (var loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
      var open = loader.loadClass(TraceFiles.class.getName()).getMethod("open", String.class);
      for (Path works : List.of(plain, gzip)) {
        ((AutoCloseable) open.invoke(null, works.toString())).close();
      }
      for (Path missing : List.of(xz, zstd)) {
        var e =
            assertThrows(
                InvocationTargetException.class, () -> open.invoke(null, missing.toString()));
        assertEquals(
            missing
                + ": expected the library of "
                + (missing.equals(xz) ? "xz" : "zst")
                + ", which is missing or does not work here",
            e.getCause().getMessage());
      }
    }
  }

  private static Compression magicOf(byte[] head) {
    return switch (head[0]) {
      case 0x1f -> Compression.GZIP;
      case (byte) 0xfd -> Compression.XZ;
      case 0x28 -> Compression.ZSTD;
      default -> Compression.NONE;
    };
  }

  private static String refusal(byte[] bytes, String what) {
    return assertThrows(TraceException.class, () -> count(bytes), what).getMessage();
  }

  private static int count(byte[] bytes) throws IOException {
    return Accesses.of(Accesses.reader(bytes, TraceFormat.LACKEY, false)).size();
  }

  private static byte[] compressed(Compression compression, String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = compression.compress(bytes, "")) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** The JDK's own stream would not see it: this is why there is a stricter one. */
  @Test
  void theJdkPassesOverWhatFollows() throws IOException {
    byte[] longer = join(compressed(Compression.GZIP, TEXT), new byte[] {1, 2, 3});
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(longer))) {
      assertEquals(TEXT.length(), in.readAllBytes().length);
    }
  }
}
