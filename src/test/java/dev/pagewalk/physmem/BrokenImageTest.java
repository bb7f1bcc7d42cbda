package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.physmem.MemoryImage.Format;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged images: each is refused in one line with the offset that is wrong. */
class BrokenImageTest {
  private static final Path MAPS = Path.of("/proc/self/maps");

  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource("dev.pagewalk.physmem.BrokenImages#all")
  void aDamagedFileIsRefusedWithItsNameAndTheOffsetAndNothingStaysMapped(BrokenImages.Broken broken)
      throws Exception {
    Path file = Files.write(directory.resolve("broken.image"), broken.bytes());
    assertEquals(file + ": " + broken.line(), refusalOf(file, broken.format(), broken.base()));
    if (Files.exists(MAPS)) {
      String maps = Files.readString(MAPS);
      assertFalse(maps.contains("broken.image") || maps.contains("pagewalk-expanded-"), maps);
    }
  }

  @Test
  void whatIsNoFileIsRefusedByName() {
    String expected = ": expected a memory image, a regular file, found a directory";
    assertEquals(directory + expected, refusalOf(directory, Format.AUTO, 0));
    Path missing = directory.resolve("missing");
    expected = ": no such file";
    assertEquals(missing + expected, refusalOf(missing, Format.AUTO, 0));
  }

  @Test
  void aFileThatTheSystemDoesNotOpenIsRefusedWithItsReason() throws Exception {
    Path loop = directory.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    String line = refusalOf(loop, Format.AUTO, 0);
    assertEquals(loop + ": cannot be read: Too many levels", cutAt(line, " of"));
    // A privileged user may read any file, so the refusal is asked for directly.
    assertEquals(
        "x: may not be read", InputException.of("x", new AccessDeniedException("x")).getMessage());
  }

  private static String refusalOf(Path file, Format format, long base) {
    return assertThrows(InputException.class, () -> MemoryImage.open(file, format, base).close())
        .getMessage();
  }

  private static String cutAt(String line, String end) {
    return line.substring(0, line.indexOf(end));
  }
}
