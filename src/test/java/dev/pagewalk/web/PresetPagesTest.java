package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.classroom.Presets;
import dev.pagewalk.machine.classroom.Scenario;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each preset, played to its end in a browser, shows what the machine is. */
final class PresetPagesTest {
  @AutoClose private static Visit visit;

  @BeforeAll
  static void start() throws Exception {
    visit = Visit.begin();
  }

  @ParameterizedTest
  @FieldSource("dev.pagewalk.machine.classroom.Presets#NAMES")
  void aPresetIsPlayedToItsEnd(String preset) throws Exception {
    visit.open(preset);
    Scenario scenario = Presets.all().get(preset);
    String waiting = scenario.steps().get(scenario.setup()).text();
    assertTrue(
        visit.browser.text("document.getElementById('waiting').textContent").contains(waiting));
    visit.click("#play");
    assertTrue(visit.browser.evaluate("document.getElementById('play').disabled").asBoolean());
    assertEquals(0, visit.count("#log .failed, #log .panic"));
    assertEquals(scenario.steps().size(), visit.count("#log li"));
    pictures(preset);
    Shown.isTheMachine(visit);
    assertEquals(List.of(), visit.browser.errors());
  }

  /** Pictures at three widths; at none is the page wider than the window. */
  private static void pictures(String preset) throws Exception {
    for (int width : List.of(1280, 1024, 390)) {
      visit.browser.size(width, 900);
      // Charts follow a moment later.
      visit.browser.waitFor("document.documentElement.scrollWidth <= " + width);
      visit.browser.picture(Path.of("target/screens", preset + "-" + width + ".png"));
    }
    visit.browser.size(1280, 900);
  }
}
