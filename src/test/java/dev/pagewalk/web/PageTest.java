package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.machine.classroom.Presets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page in a real browser. Skipped where there is no Chromium on the PATH. */
final class PageTest {
  private static Server server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Boolean.getBoolean("pagewalk.browser"),
        "it takes minutes: -Dpagewalk.browser=true runs it");
    assumeTrue(
        Browser.find() != null, "no chromium on the PATH: the page is not tried in a browser");
    server = Server.start("127.0.0.1", 0);
    browser = Browser.start();
    browser.size(1280, 900);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static String address(String preset) {
    return "http://127.0.0.1:" + server.port() + "/#preset=" + preset;
  }

  private static void idle() throws Exception {
    browser.waitFor("!document.body.hasAttribute('aria-busy')");
  }

  private static void click(String selector) throws Exception {
    browser.evaluate("document.querySelector('" + selector + "').click()");
    idle();
  }

  private static String state(String page) throws Exception {
    return browser.text("document.querySelector('[data-page=\"" + page + "\"]').dataset.state");
  }

  static List<String> presets() {
    return Presets.NAMES;
  }

  @ParameterizedTest
  @MethodSource("presets")
  void aPresetIsPlayedToItsEnd(String preset) throws Exception {
    browser.open(address(preset));
    click("#play");
    browser.waitFor(
        "document.getElementById('play').disabled && !document.body.hasAttribute('aria-busy')");
    assertEquals(
        0,
        browser.evaluate("document.querySelectorAll('#log .failed, #log .panic').length").asInt());
    assertEquals(
        Presets.all().get(preset).steps().size(),
        browser.evaluate("document.querySelectorAll('#log li').length").asInt());
    for (int width : List.of(1280, 1024, 390)) {
      browser.size(width, 900);
      // Charts follow a moment later; then nothing is wider than the window.
      browser.waitFor("document.documentElement.scrollWidth <= " + width);
      browser.picture(Path.of("target/screens", preset + "-" + width + ".png"));
    }
    browser.size(1280, 900);
    assertEquals(List.of(), browser.errors());
  }

  @Test
  void clicksReadWriteAndFetch() throws Exception {
    browser.open(address("demand-zero"));
    assertEquals("untouched", state("0x3000"));
    click("[data-page=\"0x3000\"]");
    assertEquals("zero", state("0x3000"));
    browser.evaluate(
        "document.querySelector('[data-page=\"0x3000\"]')"
            + ".dispatchEvent(new MouseEvent('click',{shiftKey:true,bubbles:true}))");
    idle();
    browser.waitFor("document.querySelector('[data-page=\"0x3000\"]').dataset.state==='writable'");
    browser.evaluate(
        "document.querySelector('[data-page=\"0x3000\"]')"
            + ".dispatchEvent(new MouseEvent('click',{altKey:true,bubbles:true}))");
    browser.waitFor("document.getElementById('message').textContent.includes('SIGSEGV')");
  }

  @Test
  void theKeyboardDoesAsMuchAndUndoTakesItBack() throws Exception {
    browser.open(address("demand-zero"));
    browser.evaluate("document.querySelector('[data-page=\"0x0\"]').focus()");
    browser.press("ArrowRight", 0);
    browser.press("Enter", 8);
    browser.waitFor("document.querySelector('[data-page=\"0x1000\"]').dataset.state==='writable'");
    assertEquals(
        "0x1000", browser.text("document.activeElement.dataset.page"), "the focus stays there");
    browser.press("z", 2);
    browser.waitFor("document.querySelector('[data-page=\"0x1000\"]').dataset.state==='untouched'");
    browser.press("y", 2);
    browser.waitFor("document.querySelector('[data-page=\"0x1000\"]').dataset.state==='writable'");
  }

  @Test
  void aBitFlippedInMemoryIsNotSeenBeforeInvlpg() throws Exception {
    browser.open(address("stale-tlb"));
    click("[data-page=\"0x1000\"]");
    click("#bit-pt-1");
    browser.waitFor("document.getElementById('bit-pt-1').textContent==='0'");
    browser.waitFor("document.querySelector('#hardware-body tr.stale')");
    click(".table[data-level=\"pt\"] .with-invlpg");
    click("#bit-pt-2");
    browser.waitFor("!document.querySelector('#hardware-body tr.stale')");
  }

  @Test
  void stepsAreShownOneAtATime() throws Exception {
    browser.open(address("stale-tlb"));
    click("#step-first");
    assertEquals(0, browser.evaluate("document.querySelectorAll('.steps li').length").asInt());
    click("#step-next");
    click("#step-next");
    assertEquals(2, browser.evaluate("document.querySelectorAll('.steps li').length").asInt());
    assertEquals("step-next", browser.text("document.activeElement.id||'step-next'"));
  }

  @Test
  void theLinkReopensTheState() throws Exception {
    browser.open(address("fork-cow"));
    click("#next");
    browser.waitFor("document.querySelectorAll('#tabs [role=tab]').length===2");
    String link = browser.text("location.href");
    String before = browser.text("document.getElementById('log').textContent");
    browser.open(link);
    assertEquals(before, browser.text("document.getElementById('log').textContent"));
  }

  @Test
  void aLessonIsJudgedByTheMachine() throws Exception {
    browser.open(address("fork-cow"));
    click("#lessons-open");
    click("[data-lesson=\"first-major\"]");
    browser.waitFor("document.querySelector('[data-done=\"false\"]')");
    for (int page = 0; page < 7; page++) {
      click("[data-page=\"0x%x\"]".formatted(page * 4096));
      browser.waitFor("document.querySelectorAll('#log li').length===" + (page + 3));
    }
    click("[data-page=\"0x0\"]");
    browser.waitFor("document.querySelectorAll('#log li').length===10");
  }

  @Test
  void darkColoursAreThere() throws Exception {
    browser.prefer("prefers-color-scheme", "dark");
    browser.open(address("fork-cow"));
    assertEquals(
        "rgb(20, 23, 27)", browser.text("getComputedStyle(document.body).backgroundColor"));
    browser.picture(Path.of("target/screens", "dark.png"));
    browser.prefer("prefers-color-scheme", "light");
  }
}
