package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads how a step of a scenario changed the state of a process. */
final class ChangeParser {
  private static final List<String> KEYS = List.of("vmas", "pages", "smaps", "pt");
  private static final Pattern PERMS = Pattern.compile("[r-][w-][x-][ps]");
  private static final Pattern FLAGS = Pattern.compile("|[a-z]{2}( [a-z]{2})*");
  private static final Pattern PAGE = Pattern.compile("G|PZH?f?|[PS]H?f?x?");
  private static final Pattern COUNTER = Pattern.compile("[A-Za-z_]+");

  private final long base;
  private final ScenarioWords words;

  /** A parser for a scenario whose page number 0 lies at {@code base}. */
  ChangeParser(long base, ScenarioWords words) {
    this.base = base;
    this.words = words;
  }

  /** Reads the object that comes next. */
  ScenarioStep.Change read(Cursor in) throws InputException {
    List<ScenarioStep.Vma> vmas = null;
    List<ScenarioStep.Pages> pages = null;
    List<Map<String, Long>> smaps = null;
    Long tables = null;
    int seen = 0;
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, KEYS, key, seen);
      switch (key) {
        case "vmas" -> vmas = vmas(in);
        case "pages" -> pages = pages(in);
        case "smaps" -> smaps = smaps(in);
        default -> tables = (long) in.number(0, Integer.MAX_VALUE);
      }
    }
    return new ScenarioStep.Change(
        Optional.ofNullable(vmas),
        Optional.ofNullable(pages),
        Optional.ofNullable(smaps),
        Optional.ofNullable(tables));
  }

  private List<ScenarioStep.Vma> vmas(Cursor in) throws InputException {
    List<ScenarioStep.Vma> vmas = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      row(in, "start, end, perms, pgoff, name and flags");
      vmas.add(
          new ScenarioStep.Vma(
              words.edge(in),
              words.edge(in),
              ScenarioWords.matching(in, PERMS, "perms as in /proc/self/maps"),
              in.unsigned(),
              in.string(),
              ScenarioWords.matching(in, FLAGS, "flags of two letters")));
      in.closeArray();
    }
    return vmas;
  }

  private List<ScenarioStep.Pages> pages(Cursor in) throws InputException {
    List<ScenarioStep.Pages> pages = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      row(in, "page number, count, flags and id");
      Spot at = words.page(in, base);
      int count = in.number(1, 1 << 30);
      String flags = ScenarioWords.matching(in, PAGE, "flags of a page");
      pages.add(new ScenarioStep.Pages(at, count, flags, in.number(0, Integer.MAX_VALUE)));
      in.closeArray();
    }
    return pages;
  }

  private List<Map<String, Long>> smaps(Cursor in) throws InputException {
    List<Map<String, Long>> smaps = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      if (!in.isObject()) {
        throw in.expected("expected an object, found " + in.found());
      }
      Map<String, Long> counters = new TreeMap<>();
      for (String key = in.nextKey(); key != null; key = in.nextKey()) {
        if (!COUNTER.matcher(key).matches()) {
          throw in.expected("expected the name of a counter");
        }
        if (counters.put(key, in.unsigned()) != null) {
          throw in.expected("the key stands twice in its object");
        }
      }
      in.at("smaps");
      smaps.add(counters);
    }
    return smaps;
  }

  private static void row(Cursor in, String what) throws InputException {
    if (!in.isArray()) {
      throw in.expected("expected an array of " + what + ", found " + in.found());
    }
  }
}
