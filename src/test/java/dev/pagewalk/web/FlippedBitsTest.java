package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import dev.pagewalk.machine.classroom.Statement;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Readers may flip any bit of any entry, also into what no kernel writes: what there is to see can
 * still be told in time, accesses end, and undo leads back.
 */
final class FlippedBitsTest {
  private static final String SCENARIO =
      """
      machine classroom frames=6
      process A
      mmap A 0x0 64K rw
      write A 0x1000 1
      read A 0x2000
      """;

  @ParameterizedTest
  @CsvSource({"pml4, 0x1000", "pdpt, 0x1000", "pd, 0x1000", "pt, 0x1000", "pt, 0x5000"})
  void anyBitCanBeFlippedAndFlippedBack(String level, String address) {
    assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          try (Session session = new Session("", "", Scenario.parse(SCENARIO))) {
            for (int bit = 0; bit < 64; bit++) {
              flip(session, level, address, bit);
            }
          }
        });
  }

  private static void flip(Session session, String level, String address, int bit)
      throws ScenarioException {
    byte[] before = Json.write(session.state());
    String flip = "flip A %s %s %d invlpg".formatted(address, level, bit);
    int done = 0;
    for (String line : new String[] {flip, "read A " + address, "write A " + address + " 1"}) {
      done += perform(session, line) ? 1 : 0;
      Json.write(session.state());
      look(session, address);
    }
    for (int i = 0; i < done; i++) {
      session.undo();
    }
    // What can be done again differs, and the count of changes, and nothing else does.
    String wanted = new String(before, java.nio.charset.StandardCharsets.UTF_8);
    String is = new String(Json.write(session.state()), java.nio.charset.StandardCharsets.UTF_8);
    String differs = "\"(redoable|changes)\":\\d+";
    assertEquals(wanted.replaceAll(differs, ""), is.replaceAll(differs, ""), flip);
  }

  /** False if the machine has stopped: that is told as a panic. */
  private static boolean perform(Session session, String line) {
    try {
      session.perform(Scenario.Step.parse(line, 1));
      return true;
    } catch (ScenarioException _) {
      return false;
    }
  }

  private static void look(Session session, String address) throws ScenarioException {
    var access = (Statement.Access) Scenario.Step.parse("read A " + address, 1).statement();
    Json.write(session.walk(access));
  }
}
