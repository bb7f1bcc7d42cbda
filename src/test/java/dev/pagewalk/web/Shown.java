package dev.pagewalk.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Holds what the page shows against the machine's state, as the interface for programs tells it.
 */
final class Shown {
  /** All that the page says, in one look. */
  private static final String LOOK =
      """
      (() => {
        const text = (element) => element.textContent.trim();
        const rows = (table) => [...table.tBodies[0].rows]
            .filter((row) => !row.querySelector(".none"))
            .map((row) => [...row.cells].map(text));
        return {
          tabs: [...document.querySelectorAll("#tabs [role=tab]")].map(text),
          pages: [...document.querySelectorAll("[data-page]")].map((page) => ({
            address: page.dataset.page, state: page.dataset.state,
            label: page.getAttribute("aria-label"), text: page.textContent })),
          registers: Object.fromEntries([...document.querySelectorAll(".registers dt")]
            .map((name) => [text(name).toLowerCase(), text(name.nextElementSibling)])),
          switches: Object.fromEntries([...document.querySelectorAll(".registers [role=switch]")]
            .map((one) => [text(one).split(" ")[0], one.getAttribute("aria-checked")])),
          tables: Object.fromEntries([...document.querySelectorAll("[data-table]")]
            .map((table) => [table.dataset.table, rows(table)])),
          totals: Object.fromEntries([...document.querySelectorAll("#totals div")]
            .map((one) => [text(one.children[0]), text(one.children[1])])),
          log: [...document.querySelectorAll("#log li code")].map(text),
        };
      })()\
      """;

  private final JsonNode page;
  private final JsonNode machine;

  private Shown(JsonNode page, JsonNode machine) {
    this.page = page;
    this.machine = machine;
  }

  /** Compares all of it; the pages of every process, too. */
  static void isTheMachine(Visit visit) throws Exception {
    JsonNode machine = visit.machine();
    for (int i = 0; i < machine.get("processes").size(); i++) {
      visit.click("#tabs [role=tab]:nth-child(" + (i + 1) + ")");
      Shown shown = new Shown(visit.browser.evaluate(LOOK), machine);
      shown.comparePages(machine.get("processes").get(i));
    }
    Shown shown = new Shown(visit.browser.evaluate(LOOK), machine);
    shown.compareHardware();
    shown.compareFigures();
  }

  private void comparePages(JsonNode process) {
    List<String> states = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (JsonNode one : process.get("pages")) {
      states.add(one.get("address").asString() + " " + one.get("state").asString());
    }
    for (int i = 0; i < page.get("pages").size(); i++) {
      JsonNode button = page.get("pages").get(i);
      seen.add(button.get("address").asString() + " " + button.get("state").asString());
      JsonNode one = process.get("pages").get(i);
      assertTrue(button.get("label").asString().contains(one.get("text").asString()));
      if (one.has("frame")) {
        assertTrue(button.get("text").asString().contains(one.get("frame").asString()));
      }
      for (JsonNode other : one.get("shared")) {
        assertTrue(button.get("text").asString().contains(other.asString()));
      }
    }
    assertEquals(states, seen, "pages of " + process.get("name"));
    assertEquals(machine.get("processes").size(), page.get("tabs").size());
  }

  private void compareHardware() {
    JsonNode registers = machine.get("registers");
    for (String name : List.of("cr0", "cr2", "cr3", "cr4", "efer", "pkru")) {
      assertEquals(registers.get(name).asString(), page.at("/registers/" + name).asString(), name);
    }
    for (String name :
        List.of("cr0.wp", "efer.nxe", "cr4.smep", "cr4.smap", "cr4.pcide", "cr4.pge")) {
      String shortName = name.substring(4).replace(".", "").toUpperCase(java.util.Locale.ROOT);
      String shown = page.at("/switches/" + shortName).asString();
      assertEquals(String.valueOf(registers.get(name).asInt() == 1), shown, name);
    }
    for (JsonNode tlb : machine.get("tlbs")) {
      List<String> entries = new ArrayList<>();
      for (JsonNode entry : tlb.get("entries")) {
        entries.add(
            "%d/%d %s %s %d %s"
                .formatted(
                    entry.get("set").asInt(),
                    entry.get("way").asInt(),
                    entry.get("address").asString(),
                    entry.get("physical").asString(),
                    entry.get("pcid").asInt(),
                    entry.get("stale").asBoolean() ? "stale!" : ""));
      }
      String name = "tlb " + tlb.get("name").asString();
      assertEquals(entries, rows(name, 0, 1, 2, 3, 6), name);
    }
    List<String> frames = new ArrayList<>();
    for (JsonNode frame : machine.get("frames")) {
      if (!frame.get("kind").asString().equals("kernel")) {
        frames.add(
            frame.get("frame").asString()
                + " "
                + frame.get("kind").asString()
                + " "
                + frame.get("references").asInt()
                + " "
                + frame.get("mappings").asInt());
      }
    }
    assertEquals(frames, rows("frames", 0, 1, 2, 3));
    assertEquals(machine.get("swap").size(), page.at("/tables/swap").size());
  }

  /** Some columns of a table, a text for each row. */
  private List<String> rows(String table, int... columns) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : page.get("tables").get(table)) {
      List<String> cells = new ArrayList<>();
      for (int column : columns) {
        cells.add(row.get(column).asString());
      }
      rows.add(String.join(" ", cells));
    }
    return rows;
  }

  private void compareFigures() {
    JsonNode figures = machine.get("figures");
    JsonNode totals = page.get("totals");
    assertEquals(figures.get("accesses").asString(), totals.get("accesses").asString());
    assertEquals(figures.get("hits").asString(), totals.get("TLB hits").asString());
    assertEquals(figures.get("walks").asString(), totals.get("page walks").asString());
    assertEquals(figures.get("minor").asString(), totals.get("minor faults").asString());
    assertEquals(figures.get("major").asString(), totals.get("major faults").asString());
    assertEquals(figures.get("evictions").asString(), totals.get("evictions").asString());
    assertEquals(figures.get("copies").asString(), totals.get("copies").asString());
    String time = totals.get("effective access time").asString().replace(",", "");
    if (figures.get("nanoseconds").isNull()) {
      assertEquals("-", time);
    } else {
      BigDecimal shown = new BigDecimal(time.replace(" ns", ""));
      assertEquals(0, figures.get("nanoseconds").decimalValue().compareTo(shown), time);
    }
    List<String> log = new ArrayList<>();
    machine.get("log").forEach(line -> log.add(line.get("statement").asString()));
    List<String> seen = new ArrayList<>();
    page.get("log").forEach(line -> seen.add(line.asString()));
    assertEquals(log, seen);
  }
}
