package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A malformed scenario is refused in one line with file, line, step and what was expected. */
class BrokenScenarioTest {
  private static final Path PUBLIC =
      Path.of("test-vectors", "linux-mm", "linux-mm-public.jsonl.gz");

  @TempDir Path folder;

  @Test
  void theSoundScenarioIsRead() throws Exception {
    Scenario scenario = read(Files.writeString(folder.resolve("a.jsonl"), BrokenScenarios.SOUND));
    assertEquals("one", scenario.name());
    assertEquals(5, scenario.steps().size());
    assertTrue(scenario.swap() && scenario.usesExt4());
    assertEquals("m0+0x10", scenario.steps().get(1).faults().orElseThrow().getFirst().at() + "");
    assertTrue(scenario.steps().get(3).faults().isEmpty(), "null is not compared");
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.vectors.BrokenScenarios#lines")
  void aLineOutOfFormatIsRefused(String line, String message) throws Exception {
    Path file =
        Files.writeString(folder.resolve("a.jsonl"), BrokenScenarios.SOUND + "\n" + line + "\n");
    String told = assertThrows(InputException.class, () -> read(file)).getMessage();
    assertTrue(told.startsWith(file + ": line 2"), told);
    assertTrue(told.contains(message), told);
    assertEquals(1, told.lines().count(), told);
  }

  @Test
  void everyPublicScenarioIsRead() throws Exception {
    int scenarios = 0;
    int steps = 0;
    try (LineReader in = new LineReader(PUBLIC)) {
      while (in.next()) {
        scenarios++;
        steps += parse(in).steps().size();
      }
    }
    assertEquals(418, scenarios);
    assertEquals(7010, steps);
  }

  /** The last scenario of a file. */
  private static Scenario read(Path file) throws InputException {
    Scenario last = null;
    try (LineReader in = new LineReader(file)) {
      while (in.next()) {
        last = parse(in);
      }
    }
    return last;
  }

  private static Scenario parse(LineReader in) throws InputException {
    try (Cursor cursor = in.cursor()) {
      return ScenarioParser.parse(cursor);
    }
  }
}
