package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Golden;
import dev.pagewalk.machine.curve.PageStream;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/policies.md} says what the registry, the sources and the simulations say. */
final class PoliciesDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "policies.md");
  private static final Path SOURCES = Path.of("src/main/java/dev/pagewalk/kernel/policy");
  private static final String MARK = "-Dpagewalk.golden=write -->\n";
  private static final Pattern MODEL = Pattern.compile("MODEL: (\\S+ \\S+ \\S+)");
  private static final Pattern ITEM = Pattern.compile("- `(\\S+)`: (\\S+ \\S+ \\S+)");
  private static final Pattern MARGIN = Pattern.compile("^\\s*(/\\*\\*|\\*/|\\*|//)?\\s*(<p>)?");

  /** Belady's anomaly, and what a generator makes, each with a number of frames. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("Belady's string, 3 frames", "", 3),
          new Column("the same, 4 frames", "", 4),
          new Column("`loop:pages=7,count=7000`, 6 frames", "loop:pages=7,count=7000", 6),
          generated("uniform:pages=1024,count=200k,seed=1"),
          generated("zipf:pages=1024,count=200k,seed=1"),
          generated("phases:pages=1024,set=200,length=20k,count=200k,seed=1"),
          generated(
              "mix:count=200k,seed=1,run=50+zipf:pages=400,weight=3"
                  + "+sequential:pages=100k,base=0x80000000,weight=1"));

  private static final int[] BELADY = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};

  private record Column(String title, String trace, int frames) {}

  private static Column generated(String trace) {
    return new Column("`" + trace + "`, 256 frames", trace, 256);
  }

  @Test
  void theTablesAreCurrent() throws Exception {
    String text = Files.readString(DOCUMENT);
    String byHand = text.substring(0, text.indexOf(MARK) + MARK.length());
    Golden.check(DOCUMENT, byHand + "\n" + policies() + "\n" + faults());
  }

  @Test
  void everyPolicyIsToldOf() throws Exception {
    String text = Files.readString(DOCUMENT);
    for (PolicyInfo info : Policies.all()) {
      assertTrue(text.contains("** (`" + info.name() + "`"), info.name());
    }
  }

  @Test
  void theListHasEveryPlaceThatIsSimpler() throws Exception {
    Set<String> places = new TreeSet<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        Matcher models = MODEL.matcher(joined(Files.readAllLines(file)));
        while (models.find()) {
          places.add(name + ": " + models.group(1));
        }
      }
    }
    Set<String> listed = new TreeSet<>();
    String text = Files.readString(DOCUMENT);
    Matcher items = ITEM.matcher(text);
    while (items.find()) {
      listed.add(items.group(1) + ": " + items.group(2));
    }
    assertEquals(String.join("\n", places), String.join("\n", listed));
  }

  private static String joined(List<String> lines) {
    return lines.stream()
        .map(line -> MARGIN.matcher(line).replaceFirst("").strip())
        .collect(Collectors.joining(" "));
  }

  private static String policies() {
    StringBuilder table = new StringBuilder();
    table.append("| name | who goes | sees | parameters |\n| --- | --- | --- | --- |\n");
    for (PolicyInfo info : Policies.all()) {
      String parameters =
          info.parameters().stream()
              .map(parameter ->
                  "`%s=%d`: %s"
                      .formatted(parameter.name(), parameter.usual(), parameter.description()))
              .collect(Collectors.joining("; "));
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(info.name(), info.description(), info.sees().words(), parameters));
    }
    return table.toString();
  }

  private static String faults() throws IOException {
    List<int[]> traces = new ArrayList<>();
    for (Column column : COLUMNS) {
      traces.add(column.trace.isEmpty() ? BELADY : pages(column.trace));
    }
    StringBuilder table = new StringBuilder("| faults |");
    COLUMNS.forEach(column -> table.append(' ').append(column.title).append(" |"));
    table.append("\n| --- |").append(" ---: |".repeat(COLUMNS.size())).append('\n');
    for (String policy : Policies.names()) {
      String row =
          IntStream.range(0, traces.size())
              .mapToObj(i -> PolicySimulation.run(policy, COLUMNS.get(i).frames, traces.get(i)))
              .map(counts -> String.valueOf(counts.faults()))
              .collect(Collectors.joining(" | "));
      table.append("| `%s` | %s |\n".formatted(policy, row));
    }
    return table.toString();
  }

  private static int[] pages(String trace) throws IOException {
    int[] all = new int[0];
    try (TraceReader reader = TraceFiles.open(trace)) {
      PageStream pages = new PageStream(reader);
      int[] batch = new int[PageStream.CAPACITY];
      for (int count = pages.next(batch); count > 0; count = pages.next(batch)) {
        int before = all.length;
        all = Arrays.copyOf(all, before + count);
        System.arraycopy(batch, 0, all, before, count);
      }
    }
    return all;
  }
}
