package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What README shows is what the commands print.
 *
 * <p>A block {@code ```console} holds one line {@code $ ./pagewalk ...}, perhaps with {@code | tail
 * -n N} or {@code | head -n N}, and below it the output. {@code -Dpagewalk.golden=write} writes it
 * anew. The output of {@code bench} has times in it: {@code ReadmeBenchTest} holds the rest.
 */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final String PROMPT = "$ ./pagewalk ";

  @Test
  void everyBlockOfOutputIsCurrent() throws Exception {
    List<String> shown = Files.readAllLines(README);
    List<String> current = new ArrayList<>();
    int blocks = 0;
    for (int i = 0; i < shown.size(); i++) {
      current.add(shown.get(i));
      if (shown.get(i).equals("```console") && canBeRun(shown.get(i + 1))) {
        blocks++;
        i++;
        current.add(shown.get(i));
        current.addAll(output(shown.get(i)));
        while (!shown.get(i + 1).equals("```")) {
          i++;
        }
      }
    }
    assertTrue(blocks >= 7, "README shows verify, walk, maps and explain");
    if (System.getProperty("pagewalk.golden", "check").equals("write")) {
      Files.write(README, current);
    } else {
      assertEquals(
          String.join("\n", shown),
          String.join("\n", current),
          "mvn -B test -Dtest=ReadmeTest -Dpagewalk.golden=write writes it anew");
    }
  }

  @Test
  void theTwoCommandsAreThere() throws Exception {
    String text = Files.readString(README);
    assertTrue(text.contains("\n./pagewalk verify "), "the command that runs the main job");
    assertTrue(text.contains("\nmvn -B verify "), "the command that runs the tests");
  }

  /** Times differ from run to run, and there may be no Python. */
  private static boolean canBeRun(String line) {
    return !line.startsWith(PROMPT + "bench ") && (!line.contains("python3 ") || hasPython());
  }

  private static boolean hasPython() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
  }

  /** Words of a command line; double quotes keep blanks. */
  private static String[] words(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("\"([^\"]*)\"|\\S+").matcher(command);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group() : word.group(1));
    }
    return words.toArray(String[]::new);
  }

  private static List<String> output(String line) {
    assertTrue(line.startsWith(PROMPT), line);
    String command = line.substring(PROMPT.length());
    int pipe = command.indexOf(" | ");
    String arguments = pipe < 0 ? command : command.substring(0, pipe);
    CommandRun run = CommandRun.of(words(arguments));
    assertTrue(run.status() <= Main.NO, run.err());
    List<String> lines = run.out().lines().toList();
    if (pipe < 0) {
      return lines;
    }
    String filter = command.substring(pipe + 3);
    int count = Math.min(lines.size(), Integer.parseInt(filter.substring("tail -n ".length())));
    return filter.startsWith("tail")
        ? lines.subList(lines.size() - count, lines.size())
        : lines.subList(0, count);
  }
}
