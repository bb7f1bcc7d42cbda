package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.classroom.Lessons;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each lesson, begun and answered in a browser. */
final class LessonPagesTest {
  /** What a reader does; {@code read 0x0} presses a page, as it is said to be pressed. */
  private static final Map<String, List<String>> DEEDS =
      Map.ofEntries(
          Map.entry("zero-page", List.of("read 0x0", "read 0x1000", "read 0x2000")),
          Map.entry("one-fault", List.of("write 0x5000")),
          Map.entry(
              "tlb-hits",
              List.of(
                  "read 0x0",
                  "read 0x0",
                  "read 0x0",
                  "read 0x0",
                  "read 0x0",
                  "read 0x0",
                  "read 0x0",
                  "read 0x0",
                  "read 0x0")),
          Map.entry(
              "first-major",
              List.of(
                  "read 0x0",
                  "read 0x1000",
                  "read 0x2000",
                  "read 0x3000",
                  "read 0x4000",
                  "read 0x5000",
                  "read 0x6000",
                  "read 0x0")),
          Map.entry("write-fails", List.of("look 0x1000", "invlpg", "bit 1", "write 0x1000")),
          Map.entry("stale-entry", List.of("do invlpg 0x1000")),
          Map.entry("why-read-only", List.of("tab 2", "write 0x0")),
          Map.entry("no-copy", List.of("do exit B", "write 0x0")),
          Map.entry("run-data", List.of("do mprotect A 0x2000 4K rx", "fetch 0x2000")),
          Map.entry("kernel-means-it", List.of("do kread A 0x1000 ac")),
          Map.entry(
              "deepest-push",
              List.of("write 0x105000", "write 0x104000", "write 0x103000", "write 0x102000")),
          Map.entry("reserved", List.of("look 0x1000", "bit 50", "read 0x1000")),
          Map.entry("one-instruction", List.of("pkru 0x8", "write 0x2000")));

  @AutoClose private static Visit visit;

  @BeforeAll
  static void start() throws Exception {
    visit = Visit.begin();
  }

  private static void perform(String deed) throws Exception {
    String rest = deed.substring(deed.indexOf(' ') + 1);
    switch (deed.split(" ", 2)[0]) {
      case "read" -> visit.page(Long.decode(rest), "");
      case "write" -> visit.page(Long.decode(rest), "shiftKey");
      case "fetch" -> visit.page(Long.decode(rest), "altKey");
      case "look" -> {
        visit.click("input[name=mode][value=look]");
        visit.page(Long.decode(rest), "");
        visit.click("input[name=mode][value=read]");
      }
      case "invlpg" -> visit.click(".table[data-level=pt] .with-invlpg");
      case "bit" -> visit.click("#bit-pt-" + rest);
      case "tab" -> visit.click("#tabs [role=tab]:nth-child(" + rest + ")");
      case "do" -> visit.statement(rest);
      case "pkru" -> {
        visit.browser.evaluate("document.querySelector('#pkru-value').value = '" + rest + "'");
        visit.click("#pkru-write");
      }
      default -> throw new IllegalArgumentException(deed);
    }
  }

  private static boolean isDone() throws Exception {
    return visit.browser.text("document.querySelector('[data-done]').dataset.done").equals("true");
  }

  @Test
  void everyLessonIsAnsweredOnThePageOneAfterTheOther() throws Exception {
    List<String> names = List.copyOf(Lessons.all().keySet());
    assertEquals(DEEDS.keySet(), Lessons.all().keySet());
    visit.open("fork-cow");
    visit.click("#lessons-open");
    assertEquals(names.size(), visit.count("[data-lesson]"));
    visit.click("[data-lesson='" + names.getFirst() + "']");
    for (String name : names) {
      String title = visit.browser.text("document.querySelector('#lesson-body h3').textContent");
      assertTrue(title.endsWith(Lessons.all().get(name).title()), title);
      for (String deed : DEEDS.get(name)) {
        assertEquals(false, isDone(), name + " before " + deed);
        perform(deed);
      }
      assertTrue(isDone(), name);
      String said = visit.browser.text("document.getElementById('message').textContent");
      assertTrue(said.contains(Lessons.all().get(name).answer()), said);
      Shown.isTheMachine(visit);
      if (!name.equals(names.getLast())) {
        visit.click("#next-lesson");
      }
    }
    assertEquals(List.of(), visit.browser.errors());
  }

  @Test
  void anAnswerTakenBackIsNoneAnyMore() throws Exception {
    visit.open("fork-cow");
    visit.click("#lessons-open");
    visit.click("[data-lesson='one-fault']");
    perform("write 0x5000");
    assertTrue(isDone());
    visit.click("#undo");
    assertEquals(false, isDone());
    visit.click("#redo");
    assertTrue(isDone());
  }
}
