package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** {@code docs/kernel.md} keeps up with the package it tells of. */
final class KernelDocumentTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/pagewalk/kernel");
  private static final List<Path> SCENARIOS =
      List.of(
          Path.of("test-vectors/linux-mm/linux-mm-public.jsonl.gz"),
          Path.of("test-vectors/linux-mm/linux-mm-recorded.jsonl.gz"));
  private static final String LIST = "## Where we are simpler than Linux";

  /** What begins a line of a comment, and is no part of its words. */
  private static final Pattern MARGIN = Pattern.compile("^\\s*(/\\*\\*|\\*/|\\*|//)?\\s*(<p>)?");

  private static final Pattern MODEL = Pattern.compile("MODEL: (\\S+ \\S+ \\S+ \\S+)");
  private static final Pattern ITEM = Pattern.compile("- `(\\S+)`: (\\S+ \\S+ \\S+ \\S+)");
  private static final Pattern SCENARIO = Pattern.compile("`([a-z]+(?:-[a-z0-9]+)+)`");
  private static final Pattern NAME = Pattern.compile("^\\{\"name\":\"([^\"]+)\"");

  @Test
  void theListHasEveryPlaceThatIsSimplerThanLinux() throws IOException {
    Set<String> places = new TreeSet<>();
    for (Path file : sources()) {
      places.addAll(places(className(file), Files.readAllLines(file)));
    }
    Set<String> listed = new TreeSet<>();
    Matcher items = ITEM.matcher(joined(document().substring(document().indexOf(LIST)).lines()));
    while (items.find()) {
      listed.add(items.group(1) + ": " + items.group(2));
    }
    assertEquals(String.join("\n", places), String.join("\n", listed));
  }

  @Test
  void aPlaceIsFoundHoweverItsCommentIsBroken() {
    assertEquals(
        Set.of("Sample: one two three four", "Sample: five six seven eight"),
        places(
            "Sample",
            List.of(
                "/**",
                " * Text. <p>MODEL: one two",
                " * three four. */",
                "x(); // MODEL: five",
                "    // six seven eight nine")));
  }

  @Test
  void theTableNamesEveryFile() throws IOException {
    String document = document();
    for (Path file : sources()) {
      String name = className(file);
      assertTrue(
          name.equals("package-info") || document.contains("`" + name + "`"),
          "docs/kernel.md does not tell what " + name + " is");
    }
  }

  @Test
  void theScenariosThatItNamesExist() throws IOException {
    Set<String> unknown = new TreeSet<>();
    Matcher names = SCENARIO.matcher(document());
    while (names.find()) {
      unknown.add(names.group(1));
    }
    unknown.removeAll(scenarios());
    // The one hyphenated name that is a file's.
    assertEquals(Set.of("package-info"), unknown);
  }

  private static Set<String> places(String name, List<String> lines) {
    Set<String> places = new TreeSet<>();
    String text = joined(lines.stream()).replaceAll("\\{@\\w+ #?([^}]*)}", "`$1`");
    Matcher found = MODEL.matcher(text);
    while (found.find()) {
      places.add(name + ": " + found.group(1).replaceAll("\\.$", ""));
    }
    return places;
  }

  private static String joined(Stream<String> lines) {
    return lines
        .map(line -> MARGIN.matcher(line).replaceFirst("").strip())
        .collect(Collectors.joining(" "));
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/kernel.md"));
  }

  private static String className(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static Set<String> scenarios() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path file : SCENARIOS) {
      try (var reader =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
        reader
            .lines()
            .map(NAME::matcher)
            .filter(Matcher::find)
            .forEach(name -> names.add(name.group(1)));
      }
    }
    return names;
  }
}
