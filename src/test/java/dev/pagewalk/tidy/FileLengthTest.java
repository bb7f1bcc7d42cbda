package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files are short enough to be read in one go. */
final class FileLengthTest {
  private static final int MOST_LINES = 400;

  /** Path to reason: a table may be longer. */
  private static final Map<String, String> TABLES = Map.of();

  @Test
  void aJavaFileHasAtMost400Lines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path path : SourceFile.paths()) {
      int lines = Files.readAllLines(path).size();
      if (lines > MOST_LINES && !TABLES.containsKey(path.toString())) {
        tooLong.add(path + " has " + lines + " lines");
      }
    }
    assertEquals(List.of(), tooLong);
  }
}
