package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads one scenario of the format linux-mm, from one line.
 *
 * <p>Strict: unknown, missing and repeated keys are errors, and so are values of another type or
 * shape, files and processes that do not exist, and steps of a process that has ended.
 */
final class ScenarioParser {
  private static final List<String> KEYS =
      List.of(
          "name",
          "group",
          "about",
          "base",
          "features",
          "steps",
          "end",
          "files",
          "dropped",
          "unstable",
          "brk",
          "needs");
  private static final int REQUIRED = 7;
  private static final List<String> FILE_KEYS = List.of("name", "fs", "size", "fill", "cold");
  private static final List<String> END_KEYS = List.of("mem", "files");
  private static final Pattern HASH = Pattern.compile("0|!|[0-9a-f]{8}");
  private static final String SMAPS = "smaps.";

  /** Bytes of the largest file: far more than what fits into a scenario's mappings that matter. */
  private static final int LARGEST_FILE = 1 << 26;

  /** Pages of the window that all mappings lie in. */
  private static final int MOST_PAGES = (int) (Scenario.WINDOW_BYTES >>> 12);

  private final Set<String> names = new TreeSet<>();
  private final Set<String> files = new LinkedHashSet<>();
  private final ScenarioWords words = new ScenarioWords(names);
  private final List<Scenario.SourceFile> sources = new ArrayList<>();
  private final Set<String> dropped = new TreeSet<>();
  private final Set<String> features = new TreeSet<>();
  private String name;
  private String group;
  private long base;
  private boolean swap;
  private OptionalLong brk = OptionalLong.empty();
  private List<ScenarioStep> steps;
  private Set<String> alive;
  private Scenario.End end;

  private ScenarioParser() {}

  /** Reads the scenario that the cursor's line holds. */
  static Scenario parse(Cursor in) throws InputException {
    return new ScenarioParser().read(in);
  }

  private Scenario read(Cursor in) throws InputException {
    in.openObject();
    int seen = 0;
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, KEYS, key, seen);
      if ((key.equals("steps") && (seen & 8) == 0) || (key.equals("end") && steps == null)) {
        throw in.expected("expected base before steps, and steps before end");
      }
      readKey(in, key);
    }
    in.end();
    in.at("");
    VectorParser.require(in, KEYS.subList(0, REQUIRED), seen);
    return new Scenario(name, group, base, features, swap, brk, sources, dropped, steps, end);
  }

  private void readKey(Cursor in, String key) throws InputException {
    switch (key) {
      case "name" -> name = ScenarioWords.newName(in, Set.of());
      case "group" -> group = ScenarioWords.newName(in, Set.of());
      case "base" -> base = page(in);
      case "brk" -> brk = OptionalLong.of(page(in));
      case "features" -> features.addAll(ScenarioWords.strings(in));
      case "needs" -> swap = !ScenarioWords.words(in, Set.of("swap")).isEmpty();
      case "files" -> readFiles(in);
      case "dropped" -> readDropped(in);
      case "steps" -> readSteps(in);
      case "end" -> readEnd(in);
      case "unstable" -> ScenarioWords.strings(in);
      default -> in.string();
    }
  }

  private static long page(Cursor in) throws InputException {
    long at = in.hex();
    if ((at & 0xfff) != 0 || at >>> 47 != 0) {
      throw in.expected("expected a multiple of 4096 below 2^47, found " + in.found());
    }
    return at;
  }

  private void readDropped(Cursor in) throws InputException {
    for (String path : ScenarioWords.strings(in)) {
      if (!path.startsWith(SMAPS)) {
        throw in.expected("expected smaps. and the name of a counter, found \"" + path + '"');
      }
      dropped.add(path.substring(SMAPS.length()));
    }
  }

  private void readFiles(Cursor in) throws InputException {
    in.openArray();
    while (in.nextElement()) {
      object(in, "a file");
      int seen = 0;
      String fileName = "";
      boolean tmpfs = false;
      long size = 0;
      boolean hole = false;
      boolean cold = false;
      for (String key = in.nextKey(); key != null; key = in.nextKey()) {
        seen = VectorParser.once(in, FILE_KEYS, key, seen);
        switch (key) {
          case "name" -> fileName = ScenarioWords.newName(in, files);
          case "fs" ->
              tmpfs = ScenarioWords.oneOf(in, in.string(), Set.of("ext4", "tmpfs")).equals("tmpfs");
          case "size" -> size = in.number(0, LARGEST_FILE);
          case "fill" -> hole = !ScenarioWords.oneOf(in, in.string(), Set.of("hole")).isEmpty();
          default -> cold = in.truth();
        }
      }
      in.at("files");
      VectorParser.require(in, FILE_KEYS.subList(0, 3), seen);
      files.add(fileName);
      sources.add(new Scenario.SourceFile(fileName, tmpfs, size, hole, cold));
    }
  }

  private void readSteps(Cursor in) throws InputException {
    ScenarioStepParser parser = new ScenarioStepParser(base, files, names);
    steps = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      in.atStep(steps.size());
      object(in, "a step");
      steps.add(parser.parse(in));
      in.atStep(-1);
    }
    in.at("steps");
    if (steps.isEmpty()) {
      throw in.expected("expected at least one step");
    }
    alive = parser.alive();
  }

  private void readEnd(Cursor in) throws InputException {
    Map<String, List<Scenario.Content>> memory = new TreeMap<>();
    Map<String, Scenario.FileEnd> contents = new LinkedHashMap<>();
    int seen = 0;
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, END_KEYS, key, seen);
      in.openObject();
      for (String of = in.nextKey(); of != null; of = in.nextKey()) {
        boolean ofMemory = key.equals("mem");
        if (!(ofMemory ? alive : files).contains(of)) {
          throw in.expected(
              ofMemory ? "expected a process that is alive" : "expected a file that files names");
        }
        boolean repeated =
            ofMemory ? memory.put(of, contents(in)) != null : contents.put(of, fileEnd(in)) != null;
        if (repeated) {
          throw in.expected("the key stands twice in its object");
        }
      }
      in.at("end");
    }
    VectorParser.require(in, END_KEYS.subList(0, 1), seen);
    end = new Scenario.End(memory, contents);
  }

  private List<Scenario.Content> contents(Cursor in) throws InputException {
    List<Scenario.Content> list = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      if (!in.isArray()) {
        throw in.expected("expected an array of page number, count and hash, found " + in.found());
      }
      Spot at = words.page(in, base);
      int count = in.number(1, MOST_PAGES);
      list.add(new Scenario.Content(at, count, hash(in)));
      in.closeArray();
    }
    return list;
  }

  private static Scenario.FileEnd fileEnd(Cursor in) throws InputException {
    long size = -1;
    List<String> pages = null;
    int seen = 0;
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, List.of("size", "pages"), key, seen);
      if (key.equals("size")) {
        size = in.number(0, Integer.MAX_VALUE);
      } else {
        pages = ScenarioWords.strings(in);
      }
    }
    VectorParser.require(in, List.of("size", "pages"), seen);
    for (String page : pages) {
      if (!HASH.matcher(page).matches()) {
        throw in.expected("expected 8 hexadecimal digits, 0 or !, found \"" + page + '"');
      }
    }
    return new Scenario.FileEnd(size, pages);
  }

  private static String hash(Cursor in) throws InputException {
    return ScenarioWords.matching(in, HASH, "8 hexadecimal digits, 0 or !");
  }

  private static void object(Cursor in, String what) throws InputException {
    if (!in.isObject()) {
      throw in.expected("expected " + what + ", found " + in.found());
    }
  }
}
