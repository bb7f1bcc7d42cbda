package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures are vectors with a provenance, are added to, and compare by cause. */
class CaptureTest {
  private static final String RIGHT = PlantedSubject.command("end", "nothing");

  @TempDir private Path folder;

  private Path vectors;
  private Path out;

  @BeforeEach
  void someVectors() throws IOException {
    vectors = folder.resolve("some.jsonl");
    out = folder.resolve("capture.jsonl");
    try (LineReader in = new LineReader(Path.of("test-vectors", "walk", "walk-public.jsonl.gz"));
        BufferedWriter to = Files.newBufferedWriter(vectors)) {
      for (int i = 0; in.next(); i++) {
        if (i % 90 == 0) {
          to.write(in.text() + "\n");
        }
      }
    }
  }

  private Capture.Result capture(Set<String> groups) throws InputException {
    var options = new SubjectVerification.Options(RIGHT, "test", Duration.ofSeconds(20), 64, 5);
    return new Capture(options, groups, out).run(List.of(vectors), _ -> {});
  }

  @Test
  void aCaptureIsOfFormat1AndSaysWhereItComesFrom() throws Exception {
    Capture.Result result = capture(Set.of());
    List<String> lines = Files.readAllLines(out);
    assertEquals(Files.readAllLines(vectors).size(), lines.size());
    assertEquals(lines.size(), result.vectors());
    for (String line : lines) {
      assertEquals(List.of(), SchemaTest.schema().validate(line, InputFormat.JSON), line);
      assertTrue(line.contains("\"sources\":[\"pagewalk spec planted\"]"), line);
    }
    String provenance = Files.readString(result.provenance());
    for (String key :
        List.of("subject", "backend", "cpu_model", "microcode", "kernel", "tool", "date")) {
      assertTrue(provenance.contains('"' + key + "\":\""), key);
    }
  }

  @Test
  void partsBecomeOneAndTheSameAnswersStay() throws Exception {
    assertEquals(0, capture(Set.of("rights")).before());
    Capture.Result both = capture(Set.of("pku", "rights"));
    assertTrue(both.before() > 0 && both.vectors() > both.before(), both.toString());
    byte[] before = Files.readAllBytes(out);
    capture(Set.of("pku", "rights"));
    assertArrayEquals(before, Files.readAllBytes(out));
  }

  @Test
  void whatCannotBeMergedStaysAsItIs() throws Exception {
    Capture.Result result = capture(Set.of("rights"));
    String text = Files.readString(out);
    Files.writeString(out, text.replaceFirst("(\"expect\":\\{\"pa\":\"0x)", "$11"));
    assertRefused("is answered otherwise there");
    Files.writeString(out, text);
    String provenance = Files.readString(result.provenance());
    Files.writeString(result.provenance(), provenance.replace("planted", "another"));
    assertRefused("its provenance has another subject_version");
    Files.move(out, folder.resolve("away.jsonl"));
    InputException alone = assertThrows(InputException.class, () -> capture(Set.of("rights")));
    assertTrue(alone.getMessage().endsWith("another subject_version"), alone.getMessage());
    assertFalse(Files.exists(out));
    Files.move(folder.resolve("away.jsonl"), out);
    Files.delete(result.provenance());
    assertRefused("no capture.provenance.json is beside it");
  }

  private void assertRefused(String why) throws IOException {
    byte[] before = Files.readAllBytes(out);
    InputException e = assertThrows(InputException.class, () -> capture(Set.of("rights")));
    assertTrue(e.getMessage().endsWith(why), e.getMessage());
    assertArrayEquals(before, Files.readAllBytes(out));
  }

  @Test
  void aCaptureMayBeGzipped() throws Exception {
    capture(Set.of("rights"));
    byte[] plain = Files.readAllBytes(out);
    Files.delete(out);
    out = folder.resolve("capture.jsonl.gz");
    capture(Set.of("rights"));
    try (var in = new GZIPInputStream(Files.newInputStream(out))) {
      assertArrayEquals(plain, in.readAllBytes());
    }
    assertTrue(capture(Set.of("rights")).before() > 0, "it is read again");
  }

  @Test
  void anUnknownGroupIsRefused() {
    InputException e = assertThrows(InputException.class, () -> capture(Set.of("nonesuch")));
    assertTrue(e.getMessage().contains("no vector is of nonesuch"), e.getMessage());
    assertFalse(Files.exists(out));
  }

  @Test
  void aCaptureIsLikeItself() throws Exception {
    capture(Set.of());
    Comparison.Result result = Comparison.of(out, out);
    assertEquals(List.of(), result.differences());
    assertEquals(Files.readAllLines(vectors).size(), result.both());
  }

  @Test
  void differencesHaveTheirCausesOnTheSideThatIsWrong() throws Exception {
    capture(Set.of());
    Path wrong = folder.resolve("wrong.jsonl");
    Files.write(wrong, byEngineWith(Deviation.NO_CR0_WP));
    Comparison.Result result = Comparison.of(out, wrong);
    assertFalse(result.differences().isEmpty());
    assertEquals(0, result.first().wrong());
    assertEquals(result.differences().size(), result.second().wrong());
    assertEquals(
        List.of(Deviation.NO_CR0_WP),
        result.second().causes().stream().map(VerifyReport.Cause::deviation).toList());
    assertEquals(0, result.second().unexplained());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tlb.jsonl", "generated/ad-races.jsonl.gz"})
  void whatATlbMayStillHoldIsNoMistake(String file) throws Exception {
    vectors = Path.of("test-vectors", "walk").resolve(file);
    capture(Set.of());
    // Its switch is that G counts without PGE; for the rest it is a TLB that keeps all that it may.
    Path withTlb = folder.resolve("tlb.jsonl");
    Files.write(withTlb, byEngineWith(Deviation.GLOBAL_WITHOUT_PGE));
    Comparison.Result result = Comparison.of(out, withTlb);
    assertTrue(result.differences().size() > 20, () -> result.differences().size() + "");
    assertEquals(0, result.first().wrong());
    assertEquals(0, result.second().unexplained());
    assertTrue(
        result.second().causes().stream()
            .allMatch(cause -> cause.deviation() == Deviation.GLOBAL_WITHOUT_PGE),
        () -> result.second().causes().toString());
    assertTrue(
        result.second().wrong() < result.differences().size(), "old answers are right as well");
  }

  /** A capture of a machine with a mistake. */
  private byte[] byEngineWith(Deviation deviation) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      DeviantEngine engine = new DeviantEngine(memory, Set.of(deviation));
      for (WalkVector vector : Capture.read(out).values()) {
        List<SubjectAnswer.Said> said = Answers.of(engine, vector, ModelPresets.SDM);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
          Step step = vector.steps().get(i);
          Words changed = said.get(i).changed();
          steps.add(
              new Step(
                  step.action(),
                  List.of(said.get(i).outcome()),
                  step.memoryAfter().map(_ -> changed)));
        }
        lines.writeBytes(
            Capture.line(
                new WalkVector(
                    vector.id(),
                    vector.group(),
                    vector.cpu(),
                    vector.state(),
                    vector.memory(),
                    steps,
                    List.of("wrong"),
                    Map.of())));
      }
    }
    return lines.toByteArray();
  }
}
