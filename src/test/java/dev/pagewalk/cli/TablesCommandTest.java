package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pagewalk tables} counts what the tables of each shape read and weigh. */
final class TablesCommandTest {
  private static JsonNode json(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(0, run.status(), run.err());
    return JsonMapper.shared().readTree(run.out());
  }

  @Test
  void aRealTraceIsWalkedByEveryTable() {
    String trace = Path.of("test-vectors", "traces", "wordcount.lackey.gz").toString();
    JsonNode result = json("tables", trace, "--tlb-entries", "0", "--json");
    Set<Long> misses = new HashSet<>();
    for (JsonNode table : result.get("tables")) {
      misses.add(table.get("misses").asLong());
      assertEquals(
          result.get("accesses").asLong(),
          table.get("walks").asLong() + table.get("misses").asLong());
    }
    assertEquals(8, result.get("tables").size());
    assertEquals(1, misses.size(), "each table misses the first uses and nothing else");
  }

  @Test
  void radixTreesReadAWordALevel() {
    JsonNode tables =
        json("tables", "uniform:pages=5000,count=100k,seed=1", "--json").get("tables");
    for (int levels = 1; levels <= 5; levels++) {
      JsonNode row = tables.get(levels - 1);
      assertEquals("radix-" + levels, row.get("table").asString());
      assertEquals(levels * row.get("walks").asLong(), row.get("words").asLong());
    }
  }

  @Test
  void theTableForPeopleHasALineForEach() {
    CommandRun run = CommandRun.of("tables", "sequential:pages=10,count=100");
    assertEquals(0, run.status());
    List<String> lines = run.out().lines().toList();
    assertEquals(10, lines.size());
    assertTrue(lines.get(4).startsWith("radix-4 "), lines.get(4));
    assertTrue(lines.getLast().startsWith("100 accesses; "), lines.getLast());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tlb-entries | 6 | tables: expected 0, or 4 times a power of two, not 6 entries",
        "--frames | 1000 | tables: expected a power of two from 4 to 2^26, not 1000 frames",
        "--frames | x | tables: --frames: ",
        "--frames | 134217728 | tables: --frames: expected a number up to 2^26"
      })
  void whatCannotBeIsRefusedInALine(String option, String value, String told) {
    CommandRun run = CommandRun.of("tables", "sequential:pages=1,count=1", option, value);
    assertEquals(2, run.status());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(told), run.err());
  }
}
