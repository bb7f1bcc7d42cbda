package dev.pagewalk.machine.classroom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.mmu.TlbEntry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code show} shows what the machine has, and changes nothing. */
final class ShowTest {
  private Classroom room;

  @BeforeEach
  void makeRoom() throws ScenarioException {
    room = new Classroom(MachineLine.classroom());
    perform("process A");
    perform("mmap A 0x10000 64K rw");
    perform("write A 0x10000 42");
    perform("write A 0x12000 43");
  }

  @AfterEach
  void close() {
    room.close();
  }

  private Report perform(String line) throws ScenarioException {
    return room.perform(Scenario.Step.parse(line, 1));
  }

  private List<String> show(String what) throws ScenarioException {
    Report report = perform("show " + what);
    assertEquals(Report.OK, report.outcome(), report.text());
    return report.lines();
  }

  private static boolean has(List<String> lines, String... words) {
    return lines.stream()
        .anyMatch(line -> List.of(line.strip().split(" +")).containsAll(List.of(words)));
  }

  @Test
  void theTlbIsTheOneOfTheMmu() throws ScenarioException {
    List<String> lines = show("tlb");
    List<TlbEntry> entries =
        room.mmu().snapshot().tlbs().values().stream().flatMap(List::stream).toList();
    assertEquals(2, entries.size());
    for (TlbEntry entry : entries) {
      assertTrue(
          has(lines, Hex.of(entry.linearAddress()), Hex.of(entry.physicalAddress()), "rw-,"),
          String.join("\n", lines));
    }
    assertFalse(has(lines, "stale"));
    perform("flip A 0x12000 pt 1");
    assertTrue(has(show("tlb"), "0x12000", "stale"));
    assertTrue(show("walk 0x12000 write").getLast().startsWith("The TLB says otherwise: 0x12000"));
    assertTrue(show("walk 0x10000 write").getLast().startsWith("=> "));
  }

  @Test
  void framesPagesAndMapsAgree() throws ScenarioException {
    perform("fork A B");
    long frame = room.processes().get("A").page(0x10000).frame();
    assertTrue(has(show("frames"), Hex.of(frame), "anonymous", "0x10000,", "B"));
    List<String> pages = show("pages B");
    assertEquals("B:", pages.getFirst());
    assertTrue(has(pages, "0x10000", "copy-on-write,", Hex.of(frame) + ","), pages.toString());
    assertTrue(has(pages, "0x13000", "13", "pages", "demand-zero:"), pages.toString());
    List<String> maps = show("maps A");
    assertTrue(maps.getFirst().startsWith("A: 2 pages in memory, 4 frames of tables"));
    assertEquals(
        room.processes().get("A").proc().maps().lines().findFirst().orElseThrow().strip(),
        maps.get(1).strip());
    assertEquals(4, show("maps").size());
  }

  @Test
  void registersAndFiguresAreCounted() throws ScenarioException {
    perform("set cr0.wp 0");
    List<String> registers = show("registers");
    assertTrue(has(registers, "CR0", Hex.of(room.mmu().registers().cr0()), "PG"));
    assertFalse(has(registers, "CR0", "WP"));
    assertTrue(has(registers, "CR2", "0x12000"));
    List<String> figures = show("figures");
    assertTrue(has(figures, "accesses", "2"));
    assertTrue(has(figures, "minor", "faults", "2"));
  }

  @Test
  void lookingChangesNothing() throws ScenarioException {
    perform("fork A B");
    Figures before = room.figures();
    var tlbs = room.mmu().snapshot();
    for (String what :
        List.of("walk 0x10000", "walk B 0x15000 write", "tlb", "maps", "pages", "frames")) {
      show(what);
    }
    show("registers");
    show("figures");
    assertEquals(before, room.figures());
    assertEquals(tlbs, room.mmu().snapshot());
    // And an expectation is about the statement before them.
    perform("write B 0x10000 1");
    show("tlb");
    assertEquals(Report.OK, perform("expect copy").outcome());
  }

  @Test
  void ofAProcessThatIsNotThereNothingIsShown() throws ScenarioException {
    for (String what : List.of("walk Z 0x0", "maps Z", "pages Z")) {
      ScenarioException e = assertThrows(ScenarioException.class, () -> perform("show " + what));
      assertTrue(e.getMessage().contains("expected a process that is alive"), e.getMessage());
    }
    perform("exit A");
    assertThrows(ScenarioException.class, () -> perform("show walk 0x0"));
  }

  @Test
  @Timeout(60)
  void tablesThatSomebodyHasBrokenDoNotStopWhoLooks() throws ScenarioException {
    for (String level : List.of("pml4", "pdpt", "pd", "pt")) {
      for (int bit = 0; bit < 64; bit++) {
        try (Classroom broken = new Classroom(MachineLine.classroom())) {
          for (String line :
              List.of(
                  "process A",
                  "mmap A 0x10000 64K rw",
                  "write A 0x10000 42",
                  "flip A 0x10000 " + level + ' ' + bit)) {
            broken.perform(Scenario.Step.parse(line, 1));
          }
          for (String what : List.of("walk 0x10000", "tlb", "maps", "pages", "frames")) {
            Report report = broken.perform(Scenario.Step.parse("show " + what, 1));
            assertTrue(List.of(Report.OK, Report.REFUSED).contains(report.outcome()));
          }
          assertEquals("", broken.panic());
        }
      }
    }
  }
}
