package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A malformed file of vectors is refused in one line with file, line and what was expected. */
class BrokenVectorTest {
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
    Path file = folder.resolve("cut.jsonl.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    String told = refused(file);
    assertTrue(told.startsWith(file + ": after line "), told);
    assertTrue(told.endsWith("expected a whole gzip file, found it cut short"), told);
  }

  @Test
  void aGzippedFileWithAWrongChecksumIsRefused() throws Exception {
    byte[] whole = gzip(BrokenVectors.SOUND + "\n");
    whole[whole.length - 6] ^= 1;
    Path file = folder.resolve("sum.jsonl.gz");
    Files.write(file, whole);
    assertTrue(refused(file).startsWith(file + ": after line 1: expected a sound gzip file"));
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

  private static String refused(Path file) {
    return assertThrows(InputException.class, () -> verify(file)).getMessage();
  }

  private static VerifyReport verify(Path file) throws InputException {
    return new Verification(ModelPresets.SDM, 1, bytes -> {}).run(List.of(file));
  }

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("broken.jsonl"), text);
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
