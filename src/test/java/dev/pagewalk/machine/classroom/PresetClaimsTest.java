package dev.pagewalk.machine.classroom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers in what presets say should surprise are the machine's. */
final class PresetClaimsTest {
  private static Timeline play(String name) throws ScenarioException {
    Timeline session = new Timeline(Presets.all().get(name));
    while (session.waiting() != null) {
      session.next();
    }
    return session;
  }

  private static Figures figures(Timeline session) {
    return session.room().figures();
  }

  @Test
  void thrashingWaitsForTheDiskAtEveryAccess() throws ScenarioException {
    try (Timeline session = play("thrashing")) {
      Figures figures = figures(session);
      assertEquals(10, figures.minor());
      assertEquals(20, figures.major());
      assertEquals(30, figures.accesses());
      // By prices: 80 us for a page in, 80 us for a page out; the first six find free frames.
      double micros = figures.nanoseconds().doubleValue() / 1000;
      assertTrue(micros > 100 && micros < 170, "us: " + micros);
    }
  }

  @Test
  void sixFitAndSevenDoNot() throws ScenarioException {
    try (Timeline session = play("six-fit")) {
      List<Figures> series = session.room().series();
      // Two statements of setup, then three rounds of six.
      assertEquals(0, series.get(2 + 17).major());
      assertEquals(6, series.get(2 + 17).minor());
      // The first round of seven brings the seventh in; in the other two all fault.
      assertEquals(14, figures(session).major());
    }
  }

  @Test
  void sequentialReadsFindNothingOnTheSecondRound() throws ScenarioException {
    try (Timeline session = play("sequential-8")) {
      assertEquals(8, figures(session).major());
    }
  }

  @Test
  void oneHugePageIsOneWalk() throws ScenarioException {
    try (Timeline session = play("huge-page")) {
      List<Report> reads =
          session.room().reports().stream().filter(r -> r.statement().startsWith("read")).toList();
      long ofA = walks(reads, "read A");
      long ofB = walks(reads, "read B");
      assertEquals(1, ofA);
      assertEquals(5, ofB);
    }
  }

  private static long walks(List<Report> reads, String of) {
    return reads.stream()
        .filter(r -> r.statement().startsWith(of) && r.marks().contains("walk"))
        .count();
  }

  @Test
  void theOneWithMostIsKilledAndNotTheOneThatAsks() throws ScenarioException {
    try (Timeline session = play("oom-kill")) {
      assertEquals(List.of("B"), List.copyOf(session.room().processes().alive().keySet()));
    }
  }

  @Test
  void forkMakesOneCopyAndTheOtherIsAlone() throws ScenarioException {
    try (Timeline session = play("fork-cow")) {
      assertEquals(1, figures(session).copies());
    }
  }

  @Test
  void readsOfUntouchedMemoryTakeNoFrame() throws ScenarioException {
    try (Timeline session = new Timeline(Presets.all().get("demand-zero"))) {
      for (int i = 0; i < 16; i++) {
        session.perform(Scenario.Step.parse("read A " + i * 4096, 1));
      }
      assertEquals(0, session.room().computer().machine().kernel().rootGroup().current());
    }
  }
}
