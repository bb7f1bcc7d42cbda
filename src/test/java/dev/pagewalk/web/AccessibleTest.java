package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Axe, the checker of accessibility, finds nothing: no rule of it is left out. */
final class AccessibleTest {
  private static String axe;
  @AutoClose private static Visit visit;

  @BeforeAll
  static void start() throws Exception {
    visit = Visit.begin();
    try (InputStream in = AccessibleTest.class.getResourceAsStream("/axe.min.js")) {
      axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Nothing is wrong with what is shown now. */
  private static void check(String what) throws Exception {
    if (!visit.browser.evaluate("!!window.axe").asBoolean()) {
      visit.browser.evaluate(axe + "\n;true");
    }
    JsonNode result =
        visit.browser.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then((result) => ({passes:"
                + " result.passes.length, found: result.violations.map((one) => ({id: one.id,"
                + " help: one.help, nodes: one.nodes.slice(0, 4).map((node) =>"
                + " node.html.slice(0, 200) + ' ' + node.failureSummary)}))}))");
    List<String> found = new ArrayList<>();
    result.get("found").forEach(one -> found.add(one.toString()));
    assertEquals(List.of(), found, what);
    assertEquals(true, result.get("passes").asInt() > 20, "axe has looked");
  }

  @ParameterizedTest
  @FieldSource("dev.pagewalk.machine.classroom.Presets#NAMES")
  void aPresetPlayedToItsEnd(String preset) throws Exception {
    visit.open(preset);
    visit.click("#play");
    check(preset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light 1280", "light 390", "dark 1280", "dark 390"})
  void theStartPageLessonsAndTheSweep(String look) throws Exception {
    String[] words = look.split(" ", -1);
    visit.browser.prefer(words[0], false);
    visit.browser.size(Integer.parseInt(words[1]), 900);
    try {
      visit.openHash("");
      visit.browser.evaluate("document.getElementById('intro').open = true");
      check("start page, " + look);
      picture("start " + look);
      visit.click("#lessons-open");
      check("list of lessons, " + look);
      picture("lessons " + look);
      visit.click("[data-lesson='one-fault']");
      visit.page(0x5000, "shiftKey");
      check("a lesson that is done, " + look);
      picture("lesson " + look);
      visit.open("fork-cow");
      visit.click("#play");
      visit.click("#sweep");
      visit.browser.waitFor("document.querySelector('[data-table=sweep]')");
      openAll();
      check("sweep, all tables open, " + look);
      picture("sweep " + look);
      visit.statement("nonsense");
      check("a mistake, " + look);
    } finally {
      visit.browser.prefer("light", false);
      visit.browser.size(1280, 900);
    }
  }

  private static void picture(String what) throws Exception {
    visit.browser.picture(Path.of("target/screens", what.replace(' ', '-') + ".png"));
  }

  private static void openAll() throws Exception {
    visit.browser.evaluate(
        "document.querySelectorAll('#walk details').forEach((one) => { one.open = true; })");
  }

  @Test
  void axeFindsWhatIsWrong() throws Exception {
    visit.open("nx");
    visit.browser.evaluate(
        "document.querySelector('#undo').textContent = '',"
            + " document.getElementById('preset').parentElement.firstChild.remove()");
    try {
      check("broken on purpose");
    } catch (AssertionError e) {
      assertEquals(true, e.getMessage().contains("button-name"), e.getMessage());
      assertEquals(true, e.getMessage().contains("select-name"), e.getMessage());
      return;
    }
    throw new AssertionError("axe finds nothing in a page that was broken");
  }
}
