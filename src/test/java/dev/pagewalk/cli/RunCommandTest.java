package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Golden;
import dev.pagewalk.machine.classroom.Presets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pagewalk run}: presets, files, standard input; what is expected and what is wrong. */
final class RunCommandTest {
  private static final Path GOLDEN = Path.of("src/test/golden/run");
  private static final String COW =
      """
      title Copy-on-write
      process A
      mmap A 0x10000 64K rw
      write A 0x10000 42
      fork A B
      write A 0x10000 43   # A pays for the copy
      expect fault 0x7
      show walk 0x10000
      """;

  @TempDir Path folder;

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("s.txt"), text).toString();
  }

  @ParameterizedTest
  @FieldSource("dev.pagewalk.machine.classroom.Presets#NAMES")
  void everyPresetRunsAsItExpects(String name) {
    CommandRun run = CommandRun.of("run", name);
    assertEquals(0, run.status(), run.err() + run.out());
    int steps = Presets.all().get(name).steps().size();
    String last = run.out().lines().toList().getLast();
    assertTrue(last.startsWith(steps + " of " + steps + " statements carried out; "), last);
    assertTrue(last.endsWith(" met, 0 failed"), last);
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @FieldSource("dev.pagewalk.machine.classroom.Presets#NAMES")
  void aPresetIsAFileAsAnyOther(String name) throws Exception {
    String text = Presets.text(name);
    String asFile = CommandRun.of("run", file(text)).out();
    assertEquals(CommandRun.of("run", name).out(), asFile);
    assertEquals(asFile, CommandRun.withInput(text, "run", "-").out());
  }

  @Test
  void theIssuesExampleIsTold() throws Exception {
    CommandRun run = CommandRun.of("run", file(COW));
    assertEquals(0, run.status(), run.err());
    Golden.check(GOLDEN.resolve("copy-on-write.txt"), run.out());
  }

  @Test
  void eachKindOfStatementIsTold() throws Exception {
    String text = Files.readString(GOLDEN.resolve("all-kinds.scenario"));
    CommandRun run = CommandRun.withInput(text, "run", "-");
    Golden.check(GOLDEN.resolve("all-kinds.txt"), run.out());
    CommandRun json = CommandRun.withInput(text, "run", "-", "--json");
    Golden.check(GOLDEN.resolve("all-kinds.jsonl"), json.out());
    assertEquals(run.status(), json.status());
  }

  @Test
  void anExpectationThatIsNotMetHasItsPlaceAndStatusOne() throws Exception {
    String name = file(COW.replace("expect fault 0x7", "  expect fault 0x6"));
    CommandRun run = CommandRun.of("run", name);
    assertEquals(1, run.status());
    String told =
        name
            + ":7:10: Expected fault 0x6, but \"write A 0x10000 43\" was: A writes 0x10000: TLB"
            + " miss, page walk; #PF error 0x7 (P + W/R + U/S). Copy-on-write";
    assertTrue(run.out().contains("\n" + told), run.out());
    assertTrue(run.out().endsWith("7 of 7 statements carried out; 0 expectations met, 1 failed\n"));
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expect ok | expect signal SIGSEGV",
        "expect minor | expect major",
        "expect copy | expect hit",
        "expect walk | expect evict",
        "expect value 43 | expect value 42",
        "expect fault 7 | expect fault 6",
        "expect ok | expect refused",
        "expect ok | expect panic",
      })
  void whatIsExpectedCanAlsoFail(String met, String failed) {
    String before = COW.substring(0, COW.indexOf("expect"));
    assertEquals(0, CommandRun.withInput(before + met, "run", "-").status());
    assertEquals(1, CommandRun.withInput(before + failed, "run", "-").status());
  }

  @Test
  void anotherMachineTakesThePlaceOfTheScenarios() throws Exception {
    // On a laptop nothing is evicted, so what belady and thrashing expect is not so.
    CommandRun run = CommandRun.of("run", "thrashing", "--machine", "laptop");
    assertEquals(1, run.status());
    assertTrue(run.out().contains("machine laptop\n"));
    assertTrue(run.out().contains("thrashing:39:8: Expected major, but"), run.out());
    Path own = folder.resolve("machine.json");
    String text =
        new String(
            dev.pagewalk.machine.Machines.class
                .getResourceAsStream("machines/classroom.json")
                .readAllBytes(),
            java.nio.charset.StandardCharsets.UTF_8);
    Files.writeString(own, text.replace("\"frames\": 6", "\"frames\": 1"));
    CommandRun one = CommandRun.withInput(COW + "show frames\n", "run", "-", "--machine", "" + own);
    assertTrue(one.out().contains("1 of 1 frames of user memory"), one.out());
    CommandRun.of("run", "fork-cow", "--machine", "mainframe").assertRefused("expected a machine");
    Files.writeString(own, "{}");
    CommandRun.of("run", "fork-cow", "--machine", own.toString()).assertRefused(own.toString());
  }

  @Test
  void whatIsNoScenarioIsToldInOneLine() throws Exception {
    CommandRun.of("run").assertRefused("missing SCENARIO");
    CommandRun.of("run", "none").assertRefused("expected a scenario: a file, - for standard input");
    CommandRun.of("run", folder.toString()).assertRefused("expected a file, found a directory");
    String name = file("process A\n\nmmap A 0x10000 64K rv\n");
    CommandRun.of("run", name).assertRefused(name + ":3:20: expected rights: some of rwx");
    CommandRun.withInput("machine laptop", "run", "-")
        .assertRefused("standard input:1:9: expected classroom, found \"laptop\"");
    Files.write(folder.resolve("s.txt"), new byte[] {'a', (byte) 0xff});
    CommandRun.of("run", name).assertRefused(name + ": expected text in UTF-8");
    file("# much\n".repeat(200_000));
    CommandRun.of("run", name).assertRefused("at most 1048576 bytes");
    file("tick\n".repeat(5001));
    CommandRun.of("run", name).assertRefused(name + ":5001:1: expected at most 5000 statements");
  }

  @Test
  void aStatementThatCannotBeDoneEndsTheRunWithItsPlace() {
    CommandRun run = CommandRun.withInput("process A\n read B 0x0\n", "run", "-");
    assertEquals(2, run.status());
    assertTrue(run.out().contains("A begins"));
    assertEquals(
        "pagewalk: standard input:2:2: expected a process that is alive, one of A; found \"B\"\n",
        run.err());
  }

  @Test
  void aKernelThatStopsIsOneOnlyIfItWasExpected() {
    String broken = panicking();
    CommandRun run = CommandRun.withInput(broken + "read A 0x1000\n", "run", "-");
    assertEquals(1, run.status(), run.out());
    assertTrue(run.out().contains("not carried out, as the kernel has stopped"), run.out());
    assertEquals(1, CommandRun.withInput(broken, "run", "-").status());
    String expected = broken + "expect panic\nshow tlb\n";
    assertEquals(0, CommandRun.withInput(expected, "run", "-").status());
  }

  /** A frame far beyond the memory, in the entry that the kernel has to undo. */
  private static String panicking() {
    return """
    process A
    mmap A 0x0 64K rw
    write A 0x0 1
    flip A 0x0 pd 51
    munmap A 0x0 64K
    """;
  }

  @Test
  void jsonHasOneObjectAStatement() {
    CommandRun run = CommandRun.of("run", "stale-tlb", "--json");
    List<JsonNode> lines = run.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertEquals(Presets.all().get("stale-tlb").steps().size(), lines.size());
    JsonNode write = lines.get(4);
    assertEquals("write A 0x1000 2", write.get("statement").asString());
    assertEquals("hit", write.at("/attempts/0/tlb").asString());
    assertTrue(write.at("/attempts/0/stale").asBoolean());
    JsonNode refused = lines.get(7);
    assertEquals("0x7", refused.at("/attempts/0/error").asString());
    assertEquals("0x1000", refused.at("/attempts/0/cr2").asString());
    assertTrue(lines.get(8).get("met").asBoolean());
    assertFalse(refused.at("/attempts/0/kernel").isEmpty());
  }
}
