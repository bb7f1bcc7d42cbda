package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every Java file is as google-java-format leaves it, in its own style. */
final class FormatTest {
  private static final String MODE = System.getProperty("pagewalk.format", "check");

  @Test
  void everyJavaFileIsFormatted() throws IOException {
    assertTrue(List.of("check", "write").contains(MODE), "pagewalk.format is check or write");
    List<String> unformatted =
        SourceFile.paths().parallelStream()
            .filter(FormatTest::isUnformatted)
            .map(Path::toString)
            .toList();
    assertEquals(
        List.of(),
        unformatted,
        "to format them: mvn -B test -Dtest=FormatTest -Dpagewalk.format=write");
  }

  /** Whether the file is not as it should be; in mode {@code write} it is from now on. */
  private static boolean isUnformatted(Path path) {
    try {
      String text = Files.readString(path);
      String formatted = new Formatter().formatSourceAndFixImports(text);
      if (formatted.equals(text)) {
        return false;
      }
      if (MODE.equals("write")) {
        Files.writeString(path, formatted);
        return false;
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatterException e) {
      throw new AssertionError(path + ": " + e.getMessage(), e);
    }
  }
}
