package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job files of {@code docs/sweep.md} run a sweep in parts that join to the whole. */
final class SweepJobFilesTest {
  private static final Path DOCUMENT = Path.of("docs", "sweep.md");

  @TempDir private Path folder;

  @Test
  void theArrayJobOfSlurm() throws Exception {
    String script = block("slurm");
    Path job = Files.writeString(folder.resolve("sweep.slurm"), script);
    int parts = arraySize(script);
    for (int part = 0; part < parts; part++) {
      Map<String, String> variables =
          Map.of(
              "SLURM_ARRAY_TASK_ID", String.valueOf(part),
              "SLURM_ARRAY_TASK_COUNT", String.valueOf(parts),
              "SLURM_CPUS_PER_TASK", "2");
      run(variables, "bash", job.toString());
    }
    assertPartsAreTheWhole(parts);
  }

  @Test
  void theIndexedJobOfKubernetes() throws Exception {
    String yaml = block("yaml");
    assertTrue(yaml.contains("completionMode: Indexed"));
    int parts = number(yaml, "completions: (\\d+)");
    Map<String, String> env = Map.of("PARTS", String.valueOf(number(yaml, "value: \"(\\d+)\"")));
    for (int part = 0; part < parts; part++) {
      var variables = new HashMap<>(env);
      variables.put("JOB_COMPLETION_INDEX", String.valueOf(part));
      run(variables, "/bin/sh", "-ec", folded(yaml));
    }
    assertPartsAreTheWhole(parts);
  }

  private void assertPartsAreTheWhole(int parts) throws IOException {
    List<String> merge = new ArrayList<>(List.of("sweep", "merge"));
    for (int part = 0; part < parts; part++) {
      merge.add(folder.resolve("part-" + part + ".csv").toString());
    }
    CommandRun merged = CommandRun.of(merge.toArray(String[]::new));
    assertEquals("", merged.err());
    CommandRun whole =
        CommandRun.of(
            "sweep",
            "zipf:pages=512,count=20k,seed=1",
            "loop:pages=300,count=20k",
            "--policies=lru,clock,arc",
            "--frames=64..512*2");
    assertEquals(24 + 1, whole.out().lines().count());
    assertEquals(whole.out(), merged.out());
  }

  /** The text of a YAML scalar that is folded: its lines with a space between. */
  private static String folded(String yaml) {
    String lines = yaml.substring(yaml.indexOf(">-\n") + 3);
    String margin = lines.substring(0, lines.length() - lines.stripLeading().length());
    return lines
        .lines()
        .takeWhile(line -> line.startsWith(margin))
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  private static int arraySize(String script) {
    assertTrue(script.contains("--array=0-"));
    return number(script, "--array=0-(\\d+)") + 1;
  }

  private static int number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return Integer.parseInt(matcher.group(1));
  }

  /** Runs a command in the folder, where {@code pagewalk} is this project's. */
  private void run(Map<String, String> variables, String... command) throws Exception {
    Path launcher = folder.resolve("pagewalk");
    if (!Files.exists(launcher)) {
      Files.writeString(launcher, launcher());
      assertTrue(launcher.toFile().setExecutable(true));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(variables);
    builder.environment().merge("PATH", folder + ":", (path, first) -> first + path);
    Process process = builder.start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals("", said);
    assertEquals(0, process.waitFor());
  }

  private static String launcher() {
    String classPath =
        Pattern.compile(":")
            .splitAsStream(System.getProperty("java.class.path"))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(":"));
    return """
    #!/bin/sh
    exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' dev.pagewalk.cli.Main "$@"
    """
        .formatted(Path.of(System.getProperty("java.home"), "bin", "java"), classPath);
  }

  private static String block(String language) throws IOException {
    String text = Files.readString(DOCUMENT);
    String begin = "```" + language + "\n";
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf("```", from));
  }
}
