package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.pagewalk.Golden;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each known mistake alone is found by the public vectors; without one the engine is right. */
final class DeviationCatchTest {
  private static final Path WALK = Path.of("test-vectors", "walk");
  private static final Path DOCUMENT = Path.of("docs", "corpus.md");
  private static final String MARK = "-Dpagewalk.golden=write -->\n";

  static List<WalkVector> publicVectors() throws IOException {
    List<WalkVector> vectors = new ArrayList<>();
    VectorParser parser = new VectorParser();
    for (String file :
        List.of(
            "walk-public.jsonl.gz",
            "tlb.jsonl",
            "canonical-edge.jsonl",
            "differs.jsonl.gz",
            "generated/implicit-supervisor.jsonl.gz",
            "generated/shadow-stack-accesses.jsonl.gz")) {
      try (LineReader in = new LineReader(WALK.resolve(file))) {
        while (in.next()) {
          try (Cursor cursor = in.cursor()) {
            vectors.add(parser.parse(cursor));
          }
        }
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withNothingSwitchedOnEveryVectorPasses(boolean hasTlb) throws IOException {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      VectorRunner runner =
          new VectorRunner(
              new DeviantEngine(memory, EnumSet.noneOf(Deviation.class), hasTlb), ModelPresets.SDM);
      for (WalkVector vector : publicVectors()) {
        if (!vector.isEvidence()) {
          assertInstanceOf(Verdict.Passed.class, runner.run(vector), vector.id());
        }
      }
    }
  }

  /** What catches one mistake. */
  private static final class Caught {
    private final Map<String, Integer> groups = new TreeMap<>();
    private int cases;
    private int evidence;
    private WalkVector simplest;

    void add(WalkVector vector) {
      groups.merge(vector.group(), 1, Integer::sum);
      if (vector.isEvidence()) {
        evidence++;
      } else {
        cases++;
      }
      if (simplest == null || SIMPLER.compare(vector, simplest) < 0) {
        simplest = vector;
      }
    }

    private static final Comparator<WalkVector> SIMPLER =
        Comparator.comparing(WalkVector::isEvidence)
            .thenComparingInt(vector -> vector.steps().size())
            .thenComparingInt(vector -> vector.memory().size());

    String row(Deviation deviation) {
      String most =
          groups.entrySet().stream()
              .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
              .limit(3)
              .map(group -> group.getKey() + " " + group.getValue())
              .collect(Collectors.joining(", "));
      String example = simplest == null ? "-" : "`" + simplest.id() + "`";
      return "| `%s` | %s | %d | %d | %s | %s |%n"
          .formatted(deviation.id(), deviation.what(), cases, evidence, most, example);
    }
  }

  @Test
  void eachMistakeAloneIsFoundAsTheDocumentSays() throws Exception {
    List<WalkVector> vectors = publicVectors();
    StringBuilder table = new StringBuilder();
    table.append("| switch | such an MMU | cases | evidence | groups | simplest |\n");
    table.append("| --- | --- | ---: | ---: | --- | --- |\n");
    Set<Deviation> missed = EnumSet.noneOf(Deviation.class);
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      for (Deviation deviation : Deviation.values()) {
        Caught caught = catches(new DeviantEngine(memory, EnumSet.of(deviation)), vectors);
        table.append(caught.row(deviation));
        if (caught.simplest == null) {
          missed.add(deviation);
        }
      }
    }
    assertEquals(Set.of(), missed);
    String text = Files.readString(DOCUMENT);
    String byHand = text.substring(0, text.indexOf(MARK) + MARK.length());
    Golden.check(DOCUMENT, byHand + "\n" + table);
  }

  private static Caught catches(DeviantEngine engine, List<WalkVector> vectors) {
    VectorRunner runner = new VectorRunner(engine, ModelPresets.SDM);
    Caught caught = new Caught();
    for (WalkVector vector : vectors) {
      if (runner.run(vector) instanceof Verdict.Failed
          && (!vector.isEvidence() || agreesWithASide(runner, vector))) {
        caught.add(vector);
      }
    }
    return caught;
  }

  /** Evidence catches a mistake that somebody who was observed has made. */
  private static boolean agreesWithASide(VectorRunner runner, WalkVector vector) {
    return vector.differs().values().stream()
        .anyMatch(side -> runner.run(vector, side) instanceof Verdict.Passed);
  }
}
