package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The Python client against a running server: its own tests, and what docs/teaching.md shows. */
final class PythonClientTest {
  private static final Path CLIENT = Path.of("src/main/python");

  @AutoClose private static Server server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(hasPython(), "no python3 of 3.8 or later on the PATH: its client is not tested");
    server = Server.start("127.0.0.1", 0);
  }

  private static boolean hasPython() throws Exception {
    try {
      String check = "import sys; sys.exit(sys.version_info < (3, 8))";
      return new ProcessBuilder("python3", "-c", check).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What {@code python3} prints with {@code args}, on both streams; its status must be 0. */
  private String python(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "-B", "-W", "error"));
    command.addAll(List.of(args));
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PYTHONPATH", CLIENT.toAbsolutePath().toString());
    environment.put("PYTHONIOENCODING", "utf-8");
    environment.put("PAGEWALK_URL", "http://127.0.0.1:" + server.port());
    environment.put("PAGEWALK_COMMAND", JsonMapper.shared().writeValueAsString(launcher()));
    Process process = builder.start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertTrue(ended, printed);
    assertEquals(0, process.exitValue(), printed);
    return printed;
  }

  /** The command line on the classes under test, as the launcher would start it. */
  private static List<String> launcher() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return List.of(
        java, "--enable-native-access=ALL-UNNAMED", "-cp", classes, "dev.pagewalk.cli.Main");
  }

  @Test
  void itsOwnTestsPass() throws Exception {
    String printed = python("src/test/python/test_pagewalk.py", "-v");
    Matcher ran = Pattern.compile("Ran (\\d+) tests").matcher(printed);
    assertTrue(ran.find() && Integer.parseInt(ran.group(1)) >= 18, printed);
    assertTrue(printed.strip().endsWith("OK"), printed);
  }

  /** Cells of one notebook: they share their names, and each prints what stands below it. */
  @Test
  void theCellsOfTheTeachersGuidePrintWhatItShows() throws Exception {
    Document guide = new Document(Path.of("docs/teaching.md"));
    StringBuilder script = new StringBuilder();
    List<Integer> cells = new ArrayList<>();
    for (int i = 0; i < guide.blocks().size(); i++) {
      if (guide.blocks().get(i).info().equals("python")) {
        script.append(guide.blocks().get(i).text()).append("print('=== cell')\n");
        assertEquals("text", guide.blocks().get(i + 1).info(), "its output follows");
        cells.add(i + 1);
      }
    }
    assertTrue(cells.size() >= 4, "cells: " + cells.size());
    String[] printed = python("-c", script.toString()).replace("\r", "").split("=== cell\n", -1);
    String[] contents = new String[guide.blocks().size()];
    for (int i = 0; i < cells.size(); i++) {
      contents[cells.get(i)] = printed[i];
    }
    Golden.check(guide.path(), guide.with(Arrays.asList(contents)));
  }

  @Test
  void whatReadmeShowsRuns() throws Exception {
    String shown =
        new Document(Path.of("README.md"))
            .blocks().stream()
                .filter(block -> block.info().equals("python"))
                .findFirst()
                .orElseThrow()
                .text();
    String printed =
        python(
            "-c",
            """
            import json, os, pagewalk
            usual = pagewalk.serve
            pagewalk.serve = lambda: usual(json.loads(os.environ['PAGEWALK_COMMAND']))
            """
                + shown);
    assertTrue(printed.startsWith("7 ['minor', 'copy', 'walk'] addr  0x0000"), printed);
  }

  @Test
  void theGraderIsAProgramToo() throws Exception {
    String printed =
        python(
            "-c",
            """
            import json, os, sys, pagewalk, runpy
            usual = pagewalk.serve
            pagewalk.serve = lambda: usual(json.loads(os.environ['PAGEWALK_COMMAND']))
            sys.argv = ['grade.py', 'docs/examples/homework']
            runpy.run_path('docs/examples/grade.py', run_name='__main__')
            """);
    assertTrue(printed.contains("7 of 7 points"), printed);
    assertTrue(printed.contains("line 5, column 1: expected process, switch"), printed);
  }
}
