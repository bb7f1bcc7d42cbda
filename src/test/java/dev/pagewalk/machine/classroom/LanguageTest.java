package dev.pagewalk.machine.classroom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the language of scenarios takes, and how it says what is wrong. */
final class LanguageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "raed A 0x0 | 1 | expected process, switch",
        "read | 5 | expected a name of a process, found the end of the line",
        "read 7 0x0 | 6 | expected a name of a process (a letter",
        "read A | 7 | expected an address, found the end of the line",
        "read A 0x | 8 | expected an address (0x and hex digits",
        "read A 0x0 0x1 | 12 | expected the end of the line",
        "write A 0x0 x  # a comment | 13 | expected a value",
        "mmap A 0x0 64Q rw | 12 | expected a size as 64K",
        "mmap A 0x0 0 rw | 12 | expected a size of 1 byte to 1024G",
        "mmap A 0x0 64K rwz | 16 | expected rights: some of rwx, or none",
        "mmap A 0x0 64K rw shard | 19 | expected shared, growsdown",
        "flip A 0x0 pte 1 | 12 | expected a level: pml4, pdpt, pd or pt",
        "flip A 0x0 pt 64 | 15 | expected a bit, 0 to 63",
        "set cr9 1 | 5 | expected one of cr0",
        "set cr0.wp 2 | 12 | expected 0 or 1",
        "expect fautl 0x7 | 8 | expected ok, hit, walk",
        "expect fault | 13 | expected an error code",
        "expect value 256 | 14 | expected a byte, 0 to 255",
        "show | 5 | expected walk, tlb, maps",
        "show wlak 0x0 | 6 | expected walk, tlb, maps",
        "show walk | 10 | expected an address",
        "show walk A 0x0 execute | 17 | expected read, write, fetch",
        "show tlb A | 10 | expected the end of the line",
        "machine classroom frames=0 | 19 | expected frames=all or 1 to 4096",
        "machine mainframe | 9 | expected classroom",
        "begin now | 7 | expected the end of the line",
      })
  void aMistakeIsToldWithItsPlace(String line, int column, String expected) {
    ScenarioException e =
        assertThrows(ScenarioException.class, () -> Scenario.parse("# first\n\n" + line));
    assertEquals(3, e.line());
    assertTrue(e.getMessage().startsWith(expected), e.getMessage());
    assertEquals(column, e.column());
  }

  @Test
  void theIssuesExampleMeansWhatItSays() throws ScenarioException {
    String text =
        """
        process A
        mmap A 0x10000 64K rw
        write A 0x10000 42
        fork A B
        write A 0x10000 43
        expect fault 0x7
        show walk 0x10000
        """;
    List<Report> reports = carryOut(text);
    assertEquals("copy", reports.get(4).marks().get(1));
    assertEquals(Report.OK, reports.get(5).outcome());
    List<String> lines = reports.get(6).lines();
    assertTrue(lines.get(4).startsWith("read  PTE"), lines.get(4));
    assertTrue(lines.getLast().startsWith("=> physical address 0x"), lines.getLast());
  }

  @Test
  void placesAreThoseOfTheText() throws ScenarioException {
    Scenario scenario = Scenario.parse("title x\n\n  process A\nread A 0  # c\n expect  fault 4\n");
    assertEquals(
        List.of(new Scenario.Place(3, 3), new Scenario.Place(4, 1), new Scenario.Place(5, 10)),
        scenario.places());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws ScenarioException {
    // Whatever words there are, the text of a statement means the same statement.
    String[] words = {
      "read A 0x1f", "write A 4096 0xff", "kread A 0 ac", "mmap A 0 4k rwx shared huge file f",
      "mprotect A 1 1M none key 3", "flip A 0 pd 7 invlpg", "set cr4.smap 1", "flush all",
      "show walk A 0x10 kfetch ac", "show walk 0x10", "show maps", "show pages A",
      "expect refused ENOMEM", "expect fault 21", "madvise A 0 4K guard-install",
    };
    Random random = new Random(1);
    for (String line : words) {
      String spaced = line.replace(" ", " ".repeat(1 + random.nextInt(3))) + " # why";
      Scenario.Step step = Scenario.Step.parse(spaced, 1);
      assertEquals(line, step.text());
      assertEquals(step, Scenario.Step.parse(step.text(), 1));
    }
  }

  /** Carries all of a scenario out. */
  static List<Report> carryOut(String text) throws ScenarioException {
    Scenario scenario = Scenario.parse(text);
    try (Classroom room = new Classroom(scenario.machine())) {
      for (Scenario.Step step : scenario.steps()) {
        room.perform(step);
      }
      return List.copyOf(room.reports());
    }
  }
}
