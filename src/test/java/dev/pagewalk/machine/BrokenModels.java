package dev.pagewalk.machine;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Files that are no models of processors, each made from a sound one by one change. */
final class BrokenModels {
  /** A model with everything that a file may have. */
  static final String SOUND =
      """
      {
        "name": "mine",
        "vendor": "nobody",
        "description": "An example.",
        "largePages": "whole",
        "largePagesFrom": "me",
        "seed": 7,
        "firstLevel": [{
          "name": "L1I",
          "ports": ["fetch"], "sizes": ["4K"],
          "sets": 16, "ways": 8, "replacement": "tree-plru",
          "from": {"entries": "me", "ways": "me", "replacement": "guess"}
        }, {
          "name": "L1D",
          "ports": ["load", "store"], "sizes": ["4K", "2M", "1G"],
          "sets": 1, "ways": 64, "replacement": "lru",
          "note": "Fully associative."
        }],
        "secondLevel": [{
          "name": "L2",
          "ports": ["fetch", "load", "store"], "sizes": ["4K", "2M"],
          "sets": 128, "ways": 12, "replacement": "nmru"
        }],
        "pagingStructureCaches": {
          "pml4": {"sets": 1, "ways": 4, "replacement": "random"},
          "pd": {"sets": 4, "ways": 8, "replacement": "lru", "note": "Small."}
        },
        "sources": {
          "me": {"basis": "chosen", "title": "Made up"},
          "guess": {"basis": "estimated", "title": "Guessed"}
        },
        "notes": ["No note."]
      }
      """;

  private BrokenModels() {}

  /** Files that both the schema and the reader refuse, with what the reader's line says. */
  static List<Arguments> outOfFormat() {
    List<Arguments> files = new ArrayList<>();
    structure(files);
    types(files);
    values(files);
    numbers(files);
    return files;
  }

  private static void structure(List<Arguments> files) {
    add(files, "\"name\": \"mine\",", "", "mine.json: expected the key name");
    add(files, "  \"largePages\": \"whole\",\n", "", "expected the key largePages");
    add(
        files,
        "  \"firstLevel\": [",
        "  \"firstLevels\": [",
        "line 8, column 3: firstLevels: unknown key, expected one of name, vendor,");
    add(files, "  \"secondLevel\": [", "  \"SecondLevel\": [", "SecondLevel: unknown key");
    add(files, "\"sets\": 16, ", "", "firstLevel[0]: expected the key sets");
    add(files, "\"ways\": 64, ", "", "firstLevel[1]: expected the key ways");
    add(files, ", \"replacement\": \"nmru\"", "", "secondLevel[0]: expected the key replacement");
    add(files, "\"ports\": [\"fetch\"], ", "", "firstLevel[0]: expected the key ports");
    add(files, ", \"sizes\": [\"4K\"]", "", "firstLevel[0]: expected the key sizes");
    add(files, "\"name\": \"L2\",", "", "secondLevel[0]: expected the key name");
    add(
        files,
        "\"pd\": {\"sets\": 4, ",
        "\"pd\": {",
        "pagingStructureCaches.pd: expected the key sets");
    add(
        files,
        "\"pd\":",
        "\"pt\":",
        "pagingStructureCaches.pt: unknown key, expected one of pml5, pml4, pdpt, pd");
    add(files, ", \"title\": \"Guessed\"", "", "sources.guess: expected the key title");
    add(files, "\"basis\": \"chosen\", ", "", "sources.me: expected the key basis");
    add(files, "\"entries\": \"me\", ", "", "firstLevel[0].from: expected the key entries");
    add(
        files,
        "\"note\": \"Small.\"",
        "\"comment\": \"Small.\"",
        "pagingStructureCaches.pd.comment: unknown key, expected one of sets, ways, replacement,"
            + " from, note");
  }

  private static void types(List<Arguments> files) {
    add(files, "\"mine\"", "17", "line 2, column 11: name: expected a string, found 17");
    add(files, "\"mine\"", "true", "name: expected a string, found true");
    add(files, "\"mine\"", "null", "name: expected a value, found null");
    add(files, "\"mine\"", "[\"mine\"]", "name: expected a string, found an array");
    add(files, "\"seed\": 7", "\"seed\": \"7\"", "seed: expected a whole number, found \"7\"");
    add(files, "\"seed\": 7", "\"seed\": 0.5", "seed: expected a whole number, found 0.5");
    add(files, "\"seed\": 7", "\"seed\": null", "seed: expected a value, found null");
    add(
        files,
        "\"sets\": 16",
        "\"sets\": \"16\"",
        "line 11, column 13: firstLevel[0].sets: expected a whole number, found \"16\"");
    add(
        files,
        "\"sets\": 16",
        "\"sets\": []",
        "firstLevel[0].sets: expected a whole number, found an array");
    add(
        files,
        "\"sets\": 16",
        "\"sets\": false",
        "firstLevel[0].sets: expected a whole number, found false");
    add(
        files,
        "[\"fetch\"]",
        "\"fetch\"",
        "firstLevel[0].ports: expected an array, found \"fetch\"");
    add(files, "[\"fetch\"]", "[null]", "firstLevel[0].ports[0]: expected a value, found null");
    add(
        files,
        "[\"fetch\"]",
        "[0]",
        "firstLevel[0].ports[0]: expected one of fetch, load, store, found 0");
    add(
        files,
        "{\"sets\": 1, \"ways\": 4, \"replacement\": \"random\"}",
        "4",
        "pagingStructureCaches.pml4: expected an object, found 4");
    add(files, "[\"No note.\"]", "\"No note.\"", "notes: expected an array");
    add(files, "[\"No note.\"]", "[1]", "notes[0]: expected a string, found 1");
    add(
        files,
        "{\"basis\": \"chosen\", \"title\": \"Made up\"}",
        "\"Made up\"",
        "sources.me: expected an object, found \"Made up\"");
  }

  private static void values(List<Arguments> files) {
    add(
        files,
        "\"mine\"",
        "\" \"",
        "name: expected a text without control characters, and not blank");
    add(files, "\"mine\"", "\"mi\\u0007ne\"", "name: expected a text without control");
    add(files, "\"No note.\"", "\"No\\nnote.\"", "notes: expected a text without control");
    add(files, "\"Made up\"", "\"\"", "sources.me: title: expected a text without control");
    add(files, "\"Small.\"", "\"\\u001b[31m\"", "pagingStructureCaches.pd: note: expected a text");
    add(files, "\"An example.\"", "\"\"", "description: expected a text");
    add(files, "\"nobody\"", "\"\\u0000\"", "vendor: expected a text");
    add(files, "\"vendor\"", "\"ven\\ndor\"", "line 3, column 3: ven?dor: unknown key");
    add(files, "\"guess\": {", "\"\": {", "sources: expected a text");
    add(
        files,
        "\"whole\"",
        "\"Whole\"",
        "line 5, column 17: largePages: expected one of whole, fractured, smashed-1g, found"
            + " \"Whole\"");
    add(
        files,
        "\"tree-plru\"",
        "\"plru\"",
        "firstLevel[0].replacement: expected one of lru, tree-plru, nmru, random, found \"plru\"");
    add(
        files,
        "[\"4K\"]",
        "[\"4k\"]",
        "firstLevel[0].sizes[0]: expected one of 4K, 2M, 1G, found \"4k\"");
    add(files, "[\"fetch\"]", "[\"write\"]", "expected one of fetch, load, store, found \"write\"");
    add(
        files,
        "\"chosen\"",
        "\"invented\"",
        "sources.me.basis: expected one of published, measured, estimated, chosen");
  }

  private static void numbers(List<Arguments> files) {
    add(
        files,
        "\"sets\": 16",
        "\"sets\": 3",
        "line 13, column 3: firstLevel[0]: sets: a power of two from 1 to 4096, not 3");
    add(
        files,
        "\"sets\": 16",
        "\"sets\": 0",
        "firstLevel[0]: sets: a power of two from 1 to 4096, not 0");
    add(files, "\"sets\": 16", "\"sets\": -16", "not -16");
    add(files, "\"sets\": 16", "\"sets\": 8192", "not 8192");
    add(
        files,
        "\"sets\": 16",
        "\"sets\": 99999999999",
        "firstLevel[0].sets: expected a number of fewer digits, found 99999999999");
    add(
        files,
        "\"seed\": 7",
        "\"seed\": 9223372036854775808",
        "seed: expected a number of fewer digits");
    add(files, "\"ways\": 64", "\"ways\": 129", "firstLevel[1]: ways: 1 to 128, not 129");
    add(files, "\"ways\": 64", "\"ways\": 0", "ways: 1 to 128, not 0");
    add(files, "[\"fetch\"]", "[]", "firstLevel[0]: ports: expected at least one, and each once");
    add(
        files,
        "[\"fetch\"]",
        "[\"fetch\", \"fetch\"]",
        "ports: expected at least one, and each once");
    add(files, "[\"4K\"]", "[]", "sizes: expected at least one, and each once");
    add(files, "[\"4K\"]", "[\"4K\", \"4K\"]", "sizes: expected at least one, and each once");
    add(files, "\"firstLevel\": [{", "\"firstLevel\": [], \"ignored\": [{", "ignored: unknown key");
  }

  /** Files that a schema has nothing against, and the reader refuses. */
  static List<Arguments> outOfRules() {
    List<Arguments> files = new ArrayList<>();
    add(
        files,
        "\"sets\": 16",
        "\"sets\": 16.0",
        "firstLevel[0].sets: expected a whole number, found 16.0");
    add(
        files,
        "\"name\": \"L2\"",
        "\"name\": \"L1D\"",
        "expected TLBs of different names, found two L1D");
    add(
        files,
        "\"ways\": \"me\"",
        "\"ways\": \"you\"",
        "firstLevel[0].from.ways: expected a key of sources, found \"you\"");
    add(
        files,
        "\"largePagesFrom\": \"me\"",
        "\"largePagesFrom\": \"you\"",
        "largePagesFrom: expected a key of sources");
    add(
        files,
        "\"note\": \"Small.\"",
        "\"from\": {\"entries\": \"me\", \"ways\": \"me\", \"replacement\": \"x\"}",
        "pagingStructureCaches.pd.from.replacement: expected a key of sources");
    add(
        files,
        "[\"fetch\"]",
        "[\"fetch\", \"load\"]",
        "another TLB of its level holds 4K for load");
    add(files, "[\"load\", \"store\"]", "[\"load\"]", "no first-level TLB holds 4K for store");
    add(files, "[\"4K\", \"2M\", \"1G\"]", "[\"2M\"]", "no first-level TLB holds 4K for load");
    add(files, "\"seed\": 7", "\"seed\": 7, \"seed\": 8", "line 7");
    return files;
  }

  /** Files that are no JSON, or not one object. */
  static List<Arguments> notJson() {
    List<Arguments> files = new ArrayList<>();
    add(
        files,
        "\"seed\": 7",
        "\"seed\": " + "7".repeat(2000),
        "exceeds the maximum allowed (1000)");
    files.add(Arguments.of("", "expected"));
    files.add(Arguments.of("[]", "line 1, column 1: expected an object, found an array"));
    files.add(
        Arguments.of("\"skylake\"", "line 1, column 1: expected an object, found \"skylake\""));
    files.add(Arguments.of("null", "expected"));
    files.add(Arguments.of("{", "line 1"));
    files.add(Arguments.of("{\"name\": \"a\u0000b\"}", "line 1, column"));
    files.add(Arguments.of("[".repeat(2000), "line 1, column"));
    add(files, "\"seed\": 7,", "\"seed\": 7", "line 8, column");
    add(files, "\"seed\": 7", "\"seed\": 07", "line 7, column");
    add(files, "\"seed\": 7", "seed: 7", "line 7, column");
    add(files, "\"notes\": [\"No note.\"]\n}", "\"notes\": [\"No note.\"]\n", "line");
    add(
        files,
        "\"notes\": [\"No note.\"]\n}",
        "\"notes\": [\"No note.\"]\n} {}",
        "line 33, column 3: expected the file to end, found more: an object");
    add(files, "\"notes\": [\"No note.\"]\n}", "\"notes\": [\"No note.\"]\n} x", "line 33");
    return files;
  }

  private static void add(List<Arguments> files, String what, String by, String says) {
    String broken = SOUND.replace(what, by);
    if (broken.equals(SOUND)) {
      throw new IllegalArgumentException("nothing to change: " + what);
    }
    files.add(Arguments.of(broken, says));
  }
}
