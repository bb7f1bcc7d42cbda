package dev.pagewalk.machine.classroom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every preset runs to its end and does what it says. */
final class PresetsTest {
  @ParameterizedTest
  @FieldSource("dev.pagewalk.machine.classroom.Presets#NAMES")
  void everyExpectationOfAPresetIsMet(String name) throws ScenarioException {
    try (Timeline session = new Timeline(Presets.all().get(name))) {
      while (session.waiting() != null) {
        Report report = session.next();
        assertFalse(
            report.outcome().equals(Report.FAILED) || report.outcome().equals(Report.PANIC),
            report.statement() + ": " + report.text());
      }
      assertEquals(Presets.all().get(name).steps().size(), session.statements().size());
    }
  }

  @ParameterizedTest
  @FieldSource("dev.pagewalk.machine.classroom.Presets#NAMES")
  void aPresetSaysWhatToWatchAndWhatShouldSurprise(String name) {
    Scenario scenario = Presets.all().get(name);
    assertFalse(scenario.title().isEmpty());
    assertTrue(scenario.watch().endsWith("."), scenario.watch());
    assertTrue(scenario.surprise().endsWith("."), scenario.surprise());
    assertTrue(scenario.setup() < scenario.steps().size(), "something is left to do");
  }
}
