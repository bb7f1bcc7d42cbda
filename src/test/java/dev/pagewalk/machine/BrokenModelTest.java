package dev.pagewalk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that is no model of a processor gives one line: file, place, what was expected. */
class BrokenModelTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource({
    "dev.pagewalk.machine.BrokenModels#outOfFormat",
    "dev.pagewalk.machine.BrokenModels#outOfRules",
    "dev.pagewalk.machine.BrokenModels#notJson"
  })
  void oneLineTellsFileAndPlaceAndWhatWasExpected(String text, String says) throws Exception {
    Path file = Files.writeString(directory.resolve("mine.json"), text);
    String line = refusal(file);
    assertTrue(line.contains(says), line);
    assertTrue(line.startsWith(file + ": "), line);
    assertFalse(
        line.contains("\n") || line.contains("dev.pagewalk") || line.contains("java."), line);
  }

  @Test
  void aLargeFileIsNotReadToItsEnd() throws Exception {
    Path file =
        Files.writeString(directory.resolve("large.json"), " ".repeat(JsonRecords.MOST_BYTES + 1));
    assertEquals(file + ": expected a file of at most 1 MiB, found a larger one", refusal(file));
  }

  @Test
  void aFileThatIsNotThereIsTold() {
    Path file = directory.resolve("none.json");
    assertEquals(file + ": no such file", refusal(file));
  }

  @Test
  void aDirectoryIsTold() {
    assertTrue(refusal(directory).startsWith(directory + ": cannot be read"), refusal(directory));
  }

  @Test
  void bytesThatAreNoTextAreTold() throws Exception {
    Path file =
        Files.write(
            directory.resolve("bytes.json"), new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"'});
    assertTrue(refusal(file).startsWith(file + ": line 1, column "), refusal(file));
  }

  @Test
  void theCasesAreCounted() {
    int count =
        BrokenModels.outOfFormat().size()
            + BrokenModels.outOfRules().size()
            + BrokenModels.notJson().size();
    System.out.println("[pagewalk] models: " + count + " broken files, each told in one line");
    assertTrue(count >= 80);
  }

  private static String refusal(Path file) {
    return assertThrows(InputException.class, () -> CpuModels.read(file)).getMessage();
  }
}
