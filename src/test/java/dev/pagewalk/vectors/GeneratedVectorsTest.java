package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.Rule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated vectors are what their seed says, are right, and catch what they are meant to. */
final class GeneratedVectorsTest {
  private static final Path WALK = Path.of("test-vectors", "walk");

  private static byte[] generate(Generation.Options options) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Generation(options).run(out, _ -> {});
    return out.toByteArray();
  }

  private static byte[] generate(String group, long seed, int count) throws IOException {
    return generate(new Generation.Options(List.of(group), seed, count, 0, List.of()));
  }

  private static List<WalkVector> parse(byte[] lines) throws IOException {
    List<WalkVector> vectors = new ArrayList<>();
    VectorParser parser = new VectorParser();
    try (LineReader in = new LineReader("generated", new ByteArrayInputStream(lines))) {
      while (in.next()) {
        try (Cursor cursor = in.cursor()) {
          vectors.add(parser.parse(cursor));
        }
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @CsvSource({
    "rules, 426",
    "five-level, 576",
    "crossing, 640",
    "lam, 1536",
    "shadow-stack-pages, 432",
    "structure-cache, 972",
    "ad-races, 972",
    "implicit-supervisor, 760",
    "shadow-stack-accesses, 880"
  })
  void eachFileIsWhatItsSeedGives(String group, int count) throws IOException {
    Path file = WALK.resolve("generated").resolve(group + ".jsonl.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      assertArrayEquals(in.readAllBytes(), generate(group, 1, count));
    }
  }

  @Test
  void theSmokeSetIsWhatItsSeedGivesAndCatchesEachMistake() throws IOException {
    byte[] picked =
        generate(
            new Generation.Options(
                Generation.groups(), 1, 6000, 500, List.of(WALK.resolve("differs.jsonl.gz"))));
    assertArrayEquals(Files.readAllBytes(WALK.resolve("smoke.jsonl")), picked);
    BitSet caught = new BitSet();
    List<WalkVector> vectors = parse(picked);
    assertTrue(vectors.size() <= 500, () -> vectors.size() + " vectors");
    try (DeviationCatch deviations = new DeviationCatch()) {
      vectors.forEach(vector -> caught.or(deviations.of(vector)));
    }
    assertEquals(Deviation.values().length, caught.cardinality(), caught.toString());
  }

  @Test
  void fewPickedVectorsCatchEachMistakeToo() throws IOException {
    Generation.Options options =
        new Generation.Options(
            Generation.groups(), 1, 2000, 80, List.of(WALK.resolve("differs.jsonl.gz")));
    Generation.Result result = new Generation(options).run(new ByteArrayOutputStream(), _ -> {});
    assertEquals(List.of(), result.missing());
    assertTrue(result.missed().size() <= 3, () -> result.missed().toString());
    assertTrue(result.vectors() <= 80, () -> result.vectors() + " vectors");
  }

  @Test
  void everyRuleAndEveryPairOfRulesIsShown() throws IOException {
    RightsSpace space = new RightsSpace();
    assertEquals(
        EnumSet.complementOf(EnumSet.of(Rule.SHADOW_STACK_MODE, Rule.SHADOW_STACK_PAGE)),
        space.rules(Optional.empty()));
    Set<Set<Rule>> pairs = space.pairs(Optional.empty());
    assertEquals(38, pairs.size());
    assertTrue(pairs.contains(EnumSet.of(Rule.SMAP, Rule.KEY_WRITE)));
    assertTrue(!pairs.contains(EnumSet.of(Rule.SMEP, Rule.SMAP)), "one is for fetches");
    Generation.Result result =
        new Generation(new Generation.Options(List.of("rules"), 3, 426, 0, List.of()))
            .run(new ByteArrayOutputStream(), _ -> {});
    assertEquals(List.of(), result.missing());
    assertEquals(11, result.rulesShown());
    assertEquals(38, result.pairsShown());
  }

  @ParameterizedTest
  @CsvSource({"implicit-supervisor, 7, 21", "shadow-stack-accesses, 8, 27"})
  void everyRuleAndEveryPairOfRulesForAnExtensionIsShown(String group, int rules, int pairs)
      throws IOException {
    Generation.Result result =
        new Generation(new Generation.Options(List.of(group), 3, 900, 0, List.of()))
            .run(new ByteArrayOutputStream(), _ -> {});
    assertEquals(List.of(), result.missing());
    assertEquals(rules, result.rules());
    assertEquals(rules, result.rulesShown());
    assertEquals(pairs, result.pairsShown());
    assertTrue(
        new RightsSpace()
            .rules(Optional.of(Extension.SHADOW_STACK))
            .containsAll(EnumSet.of(Rule.SHADOW_STACK_MODE, Rule.SHADOW_STACK_PAGE)));
  }

  @Test
  void whatIsMissingIsTold() throws IOException {
    Generation.Result result =
        new Generation(new Generation.Options(List.of("registers"), 3, 10, 0, List.of()))
            .run(new ByteArrayOutputStream(), _ -> {});
    assertTrue(result.missing().contains("smap with key-write"), result.missing().toString());
    assertEquals(49, result.missing().size() + result.rulesShown() + result.pairsShown());
  }

  /**
   * Another walker, without a TLB and with one that keeps all that it may, finds all of it right.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWalkerWrittenByItselfAnswersAllOfThem(boolean hasTlb) throws IOException {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      DeviantEngine right = new DeviantEngine(memory, EnumSet.noneOf(Deviation.class), hasTlb);
      VectorRunner runner = new VectorRunner(right, ModelPresets.SDM);
      for (String group : Generation.groups()) {
        for (WalkVector vector : parse(generate(group, 20_261_121, 400))) {
          assertInstanceOf(Verdict.Passed.class, runner.run(vector), vector.id());
        }
      }
    }
  }

  @Test
  void everyGroupFitsTheSchemaAndHasIdsOfItsOwn() throws IOException {
    for (String group : Generation.groups()) {
      String lines = new String(generate(group, 5, 60), StandardCharsets.UTF_8);
      Set<String> ids = new HashSet<>();
      for (String line : lines.lines().toList()) {
        assertEquals(List.of(), SchemaTest.schema().validate(line, InputFormat.JSON), line);
        ids.add(line.substring(7, line.indexOf('"', 7)));
        assertTrue(line.contains("\"sources\":[\"pagewalk-spec\"]"), line);
        assertTrue(line.contains("observed nowhere; seed 5"), line);
      }
      assertEquals(60, ids.size());
    }
  }

  @Test
  void anotherSeedGivesOtherVectors() throws IOException {
    assertNotEquals(
        new String(generate("lam", 1, 20), StandardCharsets.UTF_8).replace("1-", "2-"),
        new String(generate("lam", 2, 20), StandardCharsets.UTF_8));
  }

  @Test
  void anUnknownGroupIsRefused() {
    Generation.Options options = new Generation.Options(List.of("nonesuch"), 1, 1, 0, List.of());
    assertThrows(IllegalArgumentException.class, () -> new Generation(options));
  }
}
