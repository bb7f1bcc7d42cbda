package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A malformed file of vectors is refused in one line with file, line and what was expected. */
class BrokenVectorTest {
  private static final byte[] SOUND_GZIP = gzip(BrokenVectors.SOUND + "\n");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir Path folder;

  @Test
  void theSoundVectorPasses() throws Exception {
    assertEquals(1, verify(write(BrokenVectors.SOUND)).passed());
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.vectors.BrokenVectors#outOfFormat")
  void aLineOutOfFormatIsRefused(String line, String message) throws Exception {
    assertRefused(line, message);
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.vectors.BrokenVectors#beyondTheSchema")
  void aLineThatContradictsItselfIsRefused(String line, String message) throws Exception {
    assertRefused(line, message);
  }

  @Test
  void aGzippedFileCutShortIsRefused() throws Exception {
    byte[] whole = gzip((BrokenVectors.SOUND + "\n").repeat(50));
    int cut = whole.length - 20;
    assertGzipRefused(
        Arrays.copyOf(whole, cut),
        "offset 0x%x: expected more compressed data, found the end of the file at 0x%1$x"
            .formatted(cut));
    cut = whole.length - 3;
    assertGzipRefused(
        Arrays.copyOf(whole, cut),
        "offset 0x%x: expected a gzip trailer of 8 bytes, found the end of the file at 0x%x"
            .formatted(whole.length - 8, cut));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void aGzippedFileCutInTheHeaderIsRefused(int length) throws Exception {
    assertGzipRefused(
        Arrays.copyOf(SOUND_GZIP, length),
        "offset 0x0: expected a gzip header of 10 bytes, found the end of the file at 0x" + length);
  }

  @Test
  void aGzippedFileWithAWrongChecksumIsRefused() throws Exception {
    byte[] broken = SOUND_GZIP.clone();
    int trailer = broken.length - 8;
    int crc = ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN).getInt(trailer);
    broken[trailer] ^= 1;
    assertGzipRefused(
        broken,
        "offset 0x%x: expected CRC-32 0x%08x, found 0x%08x".formatted(trailer, crc, crc ^ 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "garbage behind the last member", "\n"})
  void aGzippedFileWithSomethingBehindIsRefused(String behind) throws Exception {
    assertGzipRefused(
        join(SOUND_GZIP, behind.getBytes(StandardCharsets.UTF_8)),
        "offset 0x%x: expected the end of the file or another gzip member, found other data"
            .formatted(SOUND_GZIP.length));
  }

  @Test
  void aSecondGzipMemberCutInTheHeaderIsRefused() throws Exception {
    int start = SOUND_GZIP.length;
    assertGzipRefused(
        join(SOUND_GZIP, Arrays.copyOf(SOUND_GZIP, 9)),
        "offset 0x%x: expected a gzip header of 10 bytes, found the end of the file at 0x%x"
            .formatted(start, start + 9));
  }

  @Test
  void aSecondGzipMemberWithABrokenMagicIsRefused() throws Exception {
    byte[] broken = SOUND_GZIP.clone();
    broken[1] ^= 1;
    assertGzipRefused(
        join(SOUND_GZIP, broken),
        "offset 0x%x: expected the end of the file or another gzip member, found other data"
            .formatted(SOUND_GZIP.length));
  }

  @Test
  void gzipMembersAreReadAsOneFile() throws Exception {
    String lines = (BrokenVectors.SOUND + "\n").repeat(3);
    int cut = BrokenVectors.SOUND.length() + 40;
    byte[] members = join(gzip(lines.substring(0, cut)), gzip(lines.substring(cut)));
    Path file = folder.resolve("members.jsonl.gz");
    assertEquals(3, verify(Files.write(file, members)).passed());
    byte[] more = join(members, join(gzip(""), SOUND_GZIP));
    assertEquals(4, verify(Files.write(file, more)).passed());
  }

  @Test
  void aFileThatOpensButCannotBeReadIsClosed() throws Exception {
    String told =
        assertThrows(InputException.class, () -> new LineReader(folder).close()).getMessage();
    assertTrue(told.startsWith(folder + ": cannot be read: "), told);
    if (Files.exists(DESCRIPTORS)) {
      List<Path> open = new ArrayList<>();
      try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
        for (Path link : links) {
          // Others may come and go meanwhile.
          if (Files.isSymbolicLink(link) && Files.exists(link) && Files.isSameFile(link, folder)) {
            open.add(link);
          }
        }
      }
      assertEquals(List.of(), open);
    }
  }

  @Test
  void aFileThatDoesNotExistIsRefused() {
    Path file = folder.resolve("none.jsonl");
    assertEquals(file + ": no such file or directory", refused(file));
  }

  @Test
  void aFileWithoutAnyVectorIsRefused() throws Exception {
    Path file = write("\n \n");
    assertEquals(file + ": expected at least one vector, found none", refused(file));
  }

  @Test
  void aVectorThatNamesTooManyWordsIsRefused() throws Exception {
    StringBuilder words = new StringBuilder("\"memory\":[[\"0x8\",\"0x1\"]");
    for (int i = 2; i < 5000; i++) {
      words.append(",[\"0x").append(Integer.toHexString(8 * i)).append("\",\"0x1\"]");
    }
    String line = BrokenVectors.SOUND.replaceFirst("\"memory\":\\[.*?\\]\\]", words + "]");
    assertRefused(line, "memory: expected at most 4096 words");
  }

  @Test
  void aFolderWithoutVectorsIsRefused() {
    assertEquals(
        folder + ": expected *.jsonl, *.jsonl.gz or *.registers.json below it", refused(folder));
  }

  @Test
  void aLineThatIsTooLongIsRefused() throws Exception {
    Path file = folder.resolve("long.jsonl");
    byte[] line = new byte[(1 << 24) + 2];
    Arrays.fill(line, (byte) ' ');
    line[0] = '{';
    Files.write(file, line);
    assertTrue(refused(file).contains("line 1: expected a line of at most 16 MiB"));
  }

  @Test
  void emptyLinesAreSkippedAndCountedAsLines() throws Exception {
    Path file = write("\n\r\n" + BrokenVectors.SOUND + "\r\n\n[]");
    assertTrue(refused(file).startsWith(file + ": line 5: "), refused(file));
  }

  private void assertRefused(String line, String message) throws Exception {
    Path file = write(BrokenVectors.SOUND + "\n" + line + "\n");
    String told = refused(file);
    assertTrue(told.startsWith(file + ": line 2"), told);
    assertTrue(told.contains(message), told);
    assertEquals(1, told.lines().count(), told);
  }

  private void assertGzipRefused(byte[] bytes, String message) throws Exception {
    Path file = Files.write(folder.resolve("broken.jsonl.gz"), bytes);
    assertEquals(file + ": " + message, refused(file));
  }

  private static String refused(Path file) {
    return assertThrows(InputException.class, () -> verify(file)).getMessage();
  }

  private static VerifyReport verify(Path file) throws InputException {
    return new Verification(Engines.spec(), ModelPresets.SDM, 1, bytes -> {}).run(List.of(file));
  }

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("broken.jsonl"), text);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
