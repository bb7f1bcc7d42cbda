package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a reader can do on the page, in a real browser. */
final class PageTest {
  @AutoClose private static Visit visit;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    visit = Visit.begin();
    browser = visit.browser;
  }

  @AfterEach
  void thePageShowsTheMachineAndMadeNoError() throws Exception {
    Shown.isTheMachine(visit);
    assertEquals(List.of(), browser.errors());
  }

  private static String message() throws Exception {
    return browser.text("document.getElementById('message').textContent");
  }

  @Test
  void clicksReadWriteAndFetch() throws Exception {
    visit.open("demand-zero");
    assertEquals("untouched", visit.state(0x3000));
    visit.page(0x3000, "");
    assertEquals("zero", visit.state(0x3000));
    visit.page(0x3000, "shiftKey");
    assertEquals("writable", visit.state(0x3000));
    visit.page(0x3000, "altKey");
    assertTrue(message().contains("SIGSEGV"), message());
  }

  @Test
  void everyOperationCanBeUndoneAndDoneAgain() throws Exception {
    visit.open("fork-cow");
    visit.click("#play");
    int lines = visit.count("#log li");
    String after = browser.text("document.getElementById('log').textContent");
    for (int i = 0; i < lines; i++) {
      visit.click("#undo");
    }
    assertEquals(0, visit.count("#log li"));
    assertEquals(0, visit.machine().get("position").asInt());
    assertTrue(browser.evaluate("document.getElementById('undo').disabled").asBoolean());
    for (int i = 0; i < lines; i++) {
      visit.click("#redo");
    }
    assertEquals(after, browser.text("document.getElementById('log').textContent"));
  }

  @Test
  void aBitFlippedInMemoryIsNotSeenBeforeInvlpg() throws Exception {
    visit.open("stale-tlb");
    visit.page(0x1000, "");
    visit.click("#bit-pt-1");
    assertEquals("0", browser.text("document.getElementById('bit-pt-1').textContent"));
    assertEquals(1, visit.count("#hardware-body tr.stale"));
    visit.click(".table[data-level=pt] .with-invlpg");
    visit.click("#bit-pt-2");
    assertEquals(0, visit.count("#hardware-body tr.stale"));
    visit.page(0x1000, "");
    assertTrue(visit.count(".happened .error-bits .one") > 0, "the error code is drawn");
    assertTrue(
        browser.text("document.querySelector('.happened').textContent").contains("The kernel:"));
  }

  @Test
  void everyBitOfEveryTableCanBeFlippedAndTaughtAbout() throws Exception {
    visit.open("stale-tlb");
    for (String level : List.of("pml4", "pdpt", "pd", "pt")) {
      browser.evaluate("document.querySelector('[data-level=%s]').open = true".formatted(level));
      assertEquals(64, visit.count(".table[data-level=" + level + "] .bit"));
      for (int bit : new int[] {0, 5, 63}) {
        String id = "bit-" + level + "-" + bit;
        String before = entry(level);
        browser.evaluate("document.getElementById('" + id + "').focus()");
        String help = browser.text("document.getElementById('bit-help').textContent");
        assertTrue(help.contains("bit " + bit), help);
        visit.click("#" + id);
        long changed =
            Long.parseUnsignedLong(before, 16) ^ Long.parseUnsignedLong(entry(level), 16);
        assertEquals(1L << bit, changed, id);
        assertEquals(id, browser.text("document.activeElement.id"), "the focus stays");
        visit.click("#undo");
      }
    }
  }

  /** The entry of a level, as the interface for programs tells it. */
  private static String entry(String level) throws Exception {
    String id = browser.text("document.body.dataset.machine");
    String address = browser.text("document.querySelector('.address code').textContent");
    var walk = visit.client.get("/api/v1/machines/" + id + "/walk?process=A&address=" + address);
    for (var table : walk.json().get("tables")) {
      if (table.get("level").asString().equals(level)) {
        String shown =
            browser.text(
                "document.querySelector(\".table[data-level='%s'] summary code\").textContent"
                    .formatted(level));
        assertEquals(table.get("entry").asString(), shown);
        return shown.substring(2);
      }
    }
    throw new AssertionError("no table " + level + ": " + walk.text());
  }

  @Test
  void switchesSetBitsOfRegisters() throws Exception {
    visit.open("protection-keys");
    for (String name : List.of("WP", "NXE", "SMEP", "SMAP", "PKE", "PGE")) {
      String before = browser.text("document.getElementById('switch-" + name + "').ariaChecked");
      visit.click("#switch-" + name);
      String after = browser.text("document.getElementById('switch-" + name + "').ariaChecked");
      assertTrue(!before.equals(after), name + ": " + message());
    }
  }

  @Test
  void stepsAreShownOneAtATime() throws Exception {
    visit.open("stale-tlb");
    visit.page(0x1000, "");
    visit.click("#step-first");
    assertEquals(0, visit.count("#walk > .steps li"));
    assertEquals(4, visit.count(".table.later"));
    visit.click("#step-next");
    visit.click("#step-next");
    assertEquals(2, visit.count("#walk > .steps li"));
    assertEquals(1, visit.count(".table.now[data-level=pml4]"));
    assertEquals("step-next", browser.text("document.activeElement.id||'step-next'"));
    visit.click("#step-all");
    assertEquals(0, visit.count(".table.later"));
    assertTrue(visit.count("#walk > .steps .so-far") == 4);
  }

  @Test
  void theWalkTellsWhichBitsItSets() throws Exception {
    visit.open("stale-tlb");
    visit.page(0x1000, "");
    for (int bit : new int[] {5, 6}) {
      visit.click("#bit-pt-" + bit);
    }
    visit.statement("invlpg 0x1000");
    visit.page(0x1000, "shiftKey");
    assertTrue(
        browser
            .text("document.querySelector('.happened .step-list').textContent")
            .contains("sets A and D"));
    assertEquals("1", browser.text("document.getElementById('bit-pt-6').textContent"));
  }

  @Test
  void statesAreToldApartWithoutColours() throws Exception {
    visit.open("fork-cow");
    visit.click("#play");
    visit.statement("madvise A 0x5000 4K guard-install");
    visit.page(0x5000, "");
    visit.statement("switch A");
    visit.click("#tabs [role=tab]:nth-child(1)");
    var different =
        browser.evaluate(
            """
            (() => {
              const all = [...document.querySelectorAll(".page")];
              const words = (page) => page.querySelector(".state").textContent;
              const mark = (page) => page.querySelector(".mark").textContent;
              return [(page) => page.dataset.state, words, mark]
                  .map((what) => new Set(all.map(what)).size);
            })()\
            """);
    assertTrue(different.get(0).asInt() >= 3, "states that are shown: " + different);
    assertEquals(different.get(0), different.get(1), "as many words");
    assertEquals(different.get(0), different.get(2), "as many marks");
    for (String how : List.of("deuteranopia", "protanopia", "tritanopia", "achromatopsia")) {
      browser.seeAs(how);
      browser.picture(Path.of("target/screens", how + ".png"));
    }
    browser.seeAs("none");
  }

  @Test
  void theLinkReopensTheState() throws Exception {
    visit.open("fork-cow");
    visit.click("#next");
    visit.page(0x2000, "shiftKey");
    assertEquals(2, visit.count("#tabs [role=tab]"));
    String link = browser.text("location.href");
    String before = browser.text("document.getElementById('log').textContent");
    browser.open(link);
    assertEquals(before, browser.text("document.getElementById('log').textContent"));
  }

  @Test
  void whatIsExportedCanBeImported() throws Exception {
    visit.open("swap");
    visit.click("#play");
    String id = browser.text("document.body.dataset.machine");
    String scenario = visit.client.get("/api/v1/machines/" + id + "/scenario").text();
    String before = browser.text("document.getElementById('log').textContent");
    visit.open("nx");
    browser.evaluate(
        """
        (() => {
          const files = new DataTransfer();
          files.items.add(new File([`%s`], "scenario.txt", { type: "text/plain" }));
          const input = document.getElementById("import");
          input.files = files.files;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        })()\
        """
            .formatted(scenario));
    browser.waitFor("document.getElementById('preset').value === ''");
    visit.idle();
    assertEquals(before, browser.text("document.getElementById('log').textContent"));
  }

  @Test
  void aMistakeInAStatementIsToldWithItsPlace() throws Exception {
    visit.open("nx");
    int lines = visit.count("#log li");
    visit.statement("read A zero");
    assertTrue(message().contains("column 8"), message());
    assertEquals(1, browser.errors().size(), "the browser's own word of the status 400");
    assertEquals(lines, visit.count("#log li"));
  }

  @Test
  void theSweepIsDrawnAndHasItsFiguresInATable() throws Exception {
    visit.open("belady");
    visit.click("#play");
    visit.click("#sweep");
    browser.waitFor("document.querySelector('[data-table=sweep]')");
    assertEquals("9", sweep(3));
    assertEquals("10", sweep(4));
    assertTrue(browser.evaluate("!!Chart.getChart('cliff')").asBoolean(), "the curve is drawn");
  }

  private static String sweep(int frames) throws Exception {
    return browser.text(
        "document.querySelector('[data-table=sweep]').rows[1].cells[%d].textContent"
            .formatted(frames));
  }

  @Test
  void twoWindowsOnOneMachineShowTheSame() throws Exception {
    visit.open("demand-zero");
    String id = browser.text("document.body.dataset.machine");
    // What another client does is shown without being asked for.
    visit.client.post(
        "/api/v1/machines/" + id + "/accesses",
        "{\"process\":\"A\",\"kind\":\"write\",\"address\":\"0x3000\"}");
    browser.waitFor("document.querySelector(\"[data-page='0x3000']\").dataset.state==='writable'");
    visit.idle();
  }

  @Test
  void aPageThatIsLeftGivesItsMachineBack() throws Exception {
    visit.open("demand-zero");
    String id = browser.text("document.body.dataset.machine");
    visit.open("nx");
    for (int i = 0; visit.client.get("/api/v1/machines/" + id).status() != 404; i++) {
      assertTrue(i < 100, "the machine of the page that was left is still there");
      Thread.sleep(50);
    }
  }

  @Test
  void lessMotionIsRespected() throws Exception {
    visit.open("fork-cow");
    String moves = "getComputedStyle(document.querySelector('.page')).transitionDuration";
    assertEquals("0s", browser.text(moves));
    assertTrue(
        browser.evaluate("Chart.getChart('over-time').options.animation === false").asBoolean());
    browser.prefer("light", true);
    try {
      assertEquals("0.25s", browser.text(moves));
    } finally {
      browser.prefer("light", false);
    }
  }

  @Test
  void darkColoursAreThere() throws Exception {
    browser.prefer("dark", false);
    try {
      visit.open("fork-cow");
      visit.click("#play");
      assertEquals(
          "rgb(20, 23, 27)", browser.text("getComputedStyle(document.body).backgroundColor"));
      browser.picture(Path.of("target/screens", "dark-1280.png"));
    } finally {
      browser.prefer("light", false);
    }
  }
}
