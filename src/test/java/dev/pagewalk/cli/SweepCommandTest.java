package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pagewalk sweep}: rows, files that are continued, curves, and bad usage in one line. */
final class SweepCommandTest {
  private static final String LOOP = "loop:pages=7,count=700";

  @TempDir private Path folder;

  @Test
  void theCliffIsBetweenSixAndSevenFrames() {
    CommandRun run = CommandRun.of("sweep", LOOP, "--policies", "lru,opt", "--frames", "6,7");
    assertEquals(0, run.status(), run.err());
    List<String> rows = run.out().lines().map(row -> row.replaceAll("^[0-9a-f]{16},", "")).toList();
    assertEquals(
        List.of(
            "0/4,\"" + LOOP + "\",alone,,lru,6,700,700,700,1.000000,,694,0,,",
            "1/4,\"" + LOOP + "\",alone,,lru,7,700,700,7,0.010000,,0,0,,",
            "2/4,\"" + LOOP + "\",alone,,opt,6,700,700,122,0.174286,,116,0,,",
            "3/4,\"" + LOOP + "\",alone,,opt,7,700,700,7,0.010000,,0,0,,"),
        rows.subList(1, 5));
  }

  @Test
  void theCurveHasTheCliffToo() throws IOException {
    CommandRun run = CommandRun.of("sweep", "loop:pages=7,count=7000", "--curve");
    assertEquals(0, run.status(), run.err());
    assertTrue(
        Files.readString(Path.of("docs/sweep.md"))
            .contains("$ pagewalk sweep loop:pages=7,count=7000 --curve\n" + run.out()));
    JsonNode json =
        JsonMapper.shared().readTree(CommandRun.of("sweep", LOOP, "--curve", "--json").out());
    assertEquals(7, json.get("pages").asInt());
    assertEquals(700, json.get("curve").get(0).get("faults").asInt());
    assertEquals(7, json.get("curve").get(1).get("frames").asInt());
  }

  @Test
  void aLoopsWorkingSetIsTheLoop() {
    CommandRun run = CommandRun.of("sweep", LOOP, "--working-set");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().startsWith("trace,window,pages\n\"" + LOOP + "\",1,1.000\n"), run.out());
    assertTrue(run.out().contains("\"" + LOOP + "\",8,6.970\n"), run.out());
  }

  @Test
  void aSampleOfAllPagesIsTheCurve() {
    String trace = "zipf:pages=300,count=5000,seed=9";
    CommandRun exact = CommandRun.of("sweep", trace, "--curve");
    assertEquals(exact.out(), CommandRun.of("sweep", trace, "--curve", "--sample=1").out());
    assertEquals(exact.out(), CommandRun.of("sweep", trace, "--curve", "--sample-pages=300").out());
    assertFalse(
        exact.out().equals(CommandRun.of("sweep", trace, "--curve", "--sample-pages=50").out()));
  }

  @Test
  void rowsForProgramsAreJsonLines() throws IOException {
    CommandRun run =
        CommandRun.of("sweep", LOOP, "--machines=laptop", "--frames=6", "--json", "--jobs=1");
    assertEquals(0, run.status(), run.err());
    JsonNode row = JsonMapper.shared().readTree(run.out());
    assertEquals("laptop", row.get("machine").asString());
    assertEquals(700, row.get("faults").asInt());
    assertTrue(row.get("ns_per_access").asDouble() > 0);
  }

  @Test
  void aFileGoesOnWhereItWasStopped() throws IOException {
    Path file = folder.resolve("rows.csv");
    String[] command = {
      "sweep", LOOP, "--policies=fifo,lru", "--frames=1..9", "--output", file.toString()
    };
    assertEquals(new CommandRun(0, "", ""), CommandRun.of(command));
    String whole = Files.readString(file);
    // A row that says something else shows that it was not written again.
    String changed = whole.replace(",lru,4,700,700,700,", ",lru,4,700,700,699,");
    Files.writeString(file, changed.substring(0, changed.length() - 100));
    assertEquals(new CommandRun(0, "", ""), CommandRun.of(command));
    assertEquals(changed, Files.readString(file));
    command[3] = "--frames=1..8";
    CommandRun other = CommandRun.of(command);
    assertEquals(2, other.status());
    assertTrue(other.err().contains("rows.csv: line 2: expected a row of this sweep"), other.err());
    assertEquals(changed, Files.readString(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sweep | sweep: expected TRACE, or the command merge",
        "sweep loop | sweep: expected --frames, as --frames 4,6,8 or --frames 16..4096*2",
        "sweep - --frames 3 | expected traces that can be read more than once; found -",
        "sweep loop --frames x | sweep: --frames: expected numbers from 1",
        "sweep loop --frames 3 --policies lfu | sweep: --policies: unknown policy 'lfu': expected",
        "sweep loop --frames 3 --policies wsclock:tau=1,writes=x | --policies: policy wsclock:"
            + " writes",
        "sweep loop --frames 3 --shard 5/4 | sweep: --shard: expected i/n",
        "sweep loop --frames 3 --machines nothing | expected a machine",
        "sweep loop --frames 3 --cpus nothing | nothing: no such file",
        "sweep nothing.pwt --frames 3 | nothing.pwt: no such file",
        "sweep loop --frames 3 --sample 0.1 | sweep: expected --curve with --sample",
        "sweep loop --curve --sample 2 | sweep: --sample: expected a part above 0, at most 1",
        "sweep merge | merge",
        "sweep merge nothing.csv | nothing.csv: no such file"
      })
  void badUsageIsOneLine(String command, String message) {
    CommandRun run = CommandRun.of(command.strip().split(" "));
    assertEquals(2, run.status(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(
        "", run.out().lines().filter(line -> !line.startsWith("sweep,")).findFirst().orElse(""));
  }
}
