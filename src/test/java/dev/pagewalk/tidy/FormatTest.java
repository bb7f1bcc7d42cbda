package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every Java file is as google-java-format leaves it, in its own style. */
final class FormatTest {
  private static final String MODE = System.getProperty("pagewalk.format", "check");

  @Test
  void everyJavaFileIsFormatted() throws IOException, FormatterException {
    assertTrue(List.of("check", "write").contains(MODE), "pagewalk.format is check or write");
    Formatter formatter = new Formatter();
    List<String> unformatted = new ArrayList<>();
    for (Path path : SourceFile.paths()) {
      String text = Files.readString(path);
      String formatted = formatter.formatSourceAndFixImports(text);
      if (formatted.equals(text)) {
        continue;
      }
      if (MODE.equals("write")) {
        Files.writeString(path, formatted);
      } else {
        unformatted.add(path.toString());
      }
    }
    assertEquals(
        List.of(),
        unformatted,
        "to format them: mvn -B test -Dtest=FormatTest -Dpagewalk.format=write");
  }
}
