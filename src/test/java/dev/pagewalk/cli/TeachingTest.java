package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.classroom.Presets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/teaching.md has a class type can be typed, and does what is said. */
final class TeachingTest {
  private static final Path GUIDE = Path.of("docs/teaching.md");
  private static final Pattern SCENARIO =
      Pattern.compile("^```scenario ?(\\S*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void everyScenarioRunsAsItExpects() throws Exception {
    Matcher block = SCENARIO.matcher(Files.readString(GUIDE));
    int blocks = 0;
    while (block.find()) {
      blocks++;
      String preset = block.group(1).isEmpty() ? "" : Presets.text(block.group(1));
      CommandRun run = CommandRun.withInput(preset + block.group(2), "run", "-");
      assertEquals(0, run.status(), run.err() + run.out());
    }
    assertTrue(blocks >= 5, "blocks: " + blocks);
  }

  @Test
  void everyPresetIsInTheTableOfChapters() throws Exception {
    String text = Files.readString(GUIDE);
    String chapters = text.substring(text.indexOf("## Chapters"));
    for (String name : Presets.NAMES) {
      assertTrue(chapters.contains('`' + name + '`'), name);
    }
  }

  @Test
  void theFilesOfExamplesRun() throws Exception {
    for (String file : List.of("copy-on-write.txt", "homework/ada.txt")) {
      CommandRun run = CommandRun.of("run", "docs/examples/" + file);
      assertEquals(0, run.status(), run.err() + run.out());
    }
    CommandRun.of("run", "docs/examples/homework/blaise.txt")
        .assertRefused("blaise.txt:5:1: expected process, switch");
  }
}
