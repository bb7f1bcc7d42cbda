package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page without a mouse. Nothing here touches an element but by keys. */
final class KeyboardTest {
  private static final int ALT = 1;
  private static final int CTRL = 2;
  private static final int SHIFT = 8;

  @AutoClose private static Visit visit;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    visit = Visit.begin();
    browser = visit.browser;
  }

  private static void press(String key, int modifiers) throws Exception {
    browser.press(key, modifiers);
    visit.idle();
  }

  /** Presses Tab until what {@code selector} finds has the focus. */
  private static void tabTo(String selector) throws Exception {
    StringBuilder way = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      browser.press("Tab", 0);
      if (browser.evaluate("document.activeElement.matches(`" + selector + "`)").asBoolean()) {
        return;
      }
      String at = "document.activeElement.id || document.activeElement.className";
      way.append(browser.text(at)).append(", ");
    }
    throw new AssertionError("Tab does not lead to " + selector + " but to " + way);
  }

  private static boolean isDone() throws Exception {
    return browser.text("document.querySelector('[data-done]').dataset.done").equals("true");
  }

  @Test
  void aLessonIsChosenAnsweredAndLeftForTheNext() throws Exception {
    visit.open("fork-cow");
    tabTo("#lessons-open");
    press("Enter", 0);
    assertEquals("zero-page", browser.text("document.activeElement.dataset.lesson"));
    press("Enter", 0);
    browser.waitFor("document.querySelector('[data-done]')");
    assertEquals(
        "H3", browser.text("document.activeElement.tagName"), "the focus is at the lesson");
    tabTo("[data-page]");
    press("Enter", 0);
    press("ArrowRight", 0);
    press("Enter", 0);
    press("ArrowRight", 0);
    assertEquals(false, isDone());
    press("r", 0);
    assertTrue(isDone());
    assertEquals("0x2000", browser.text("document.activeElement.dataset.page"));
    // Back to the lesson, above the pages.
    for (int i = 0; i < 40; i++) {
      browser.press("Tab", SHIFT);
      if (browser.text("document.activeElement.id").equals("next-lesson")) {
        break;
      }
    }
    press("Enter", 0);
    String title = browser.text("document.querySelector('#lesson-body h3').textContent");
    assertTrue(title.contains("One fault is enough"), title);
    tabTo("[data-page]");
    for (int i = 0; i < 5; i++) {
      press("ArrowRight", 0);
    }
    press("Enter", SHIFT);
    assertTrue(isDone());
    Shown.isTheMachine(visit);
    assertEquals(List.of(), browser.errors());
  }

  @Test
  void pagesAreReadWrittenAndFetchedAndAllIsUndone() throws Exception {
    visit.open("demand-zero");
    tabTo("[data-page]");
    press("ArrowRight", 0);
    press("w", 0);
    assertEquals("writable", visit.state(0x1000));
    assertEquals("0x1000", browser.text("document.activeElement.dataset.page"));
    press("z", CTRL);
    assertEquals("untouched", visit.state(0x1000));
    press("y", CTRL);
    assertEquals("writable", visit.state(0x1000));
    press("Enter", ALT);
    assertTrue(browser.text("document.getElementById('message').textContent").contains("SIGSEGV"));
    Shown.isTheMachine(visit);
  }

  @Test
  void aBitIsFlippedAndAWalkIsStepped() throws Exception {
    visit.open("stale-tlb");
    tabTo("#step-first");
    press("Enter", 0);
    tabTo("#step-next");
    press(" ", 0);
    assertEquals(1, visit.count("#walk > .steps li"));
    tabTo("#step-all");
    press("Enter", 0);
    tabTo(".table[data-level=pt] .bit");
    // From bit 0, which is the last, one to the left: R/W.
    press("ArrowLeft", 0);
    assertEquals("bit-pt-1", browser.text("document.activeElement.id"));
    String before = browser.text("document.activeElement.textContent");
    press("Enter", 0);
    assertEquals("bit-pt-1", browser.text("document.activeElement.id"));
    assertTrue(!before.equals(browser.text("document.activeElement.textContent")));
    tabTo("#switch-WP");
    press(" ", 0);
    assertEquals(0, visit.machine().at("/registers/cr0.wp").asInt());
    Shown.isTheMachine(visit);
  }

  @Test
  void aStatementIsTyped() throws Exception {
    visit.open("demand-zero");
    tabTo("#statement");
    browser.type("write A 0x5000 1");
    press("Enter", 0);
    assertEquals("writable", visit.state(0x5000));
    tabTo("#log, #sweep");
  }
}
