package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What random tests find is kept in format 1, and a run goes on where one ended. */
class FuzzCorpusTest {
  @TempDir private Path folder;

  private FuzzReport run(long seed, long most) throws Exception {
    SubjectVerification.Options asked =
        new SubjectVerification.Options("", "test", Duration.ofSeconds(10), 1, 1);
    Engine engine =
        new DeviantEngine(
            PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES), Set.of(Deviation.D_ON_READ));
    Path corpus = folder.resolve("corpus");
    try (Fuzzer fuzzer =
        new Fuzzer(
            new Fuzzer.Options(asked, seed, Duration.ofMinutes(5), most, Optional.of(corpus)),
            new InProcess(new EngineAnswerer(engine)))) {
      return fuzzer.run(_ -> true);
    }
  }

  private List<String> lines(String name) throws Exception {
    return Files.readAllLines(folder.resolve("corpus").resolve(name));
  }

  @Test
  void everyLineIsAVectorThatTheReferencePasses() throws Exception {
    run(3, 500);
    assertTrue(lines("corpus.jsonl").size() > 50, "vectors are kept");
    assertTrue(lines("failures.jsonl").size() >= 1, "failures are kept");
    for (String name : List.of("corpus.jsonl", "failures.jsonl")) {
      for (String line : lines(name)) {
        assertEquals(List.of(), SchemaTest.schema().validate(line, InputFormat.JSON), line);
      }
    }
    VerifyReport report =
        new Verification(Engines.spec(), ModelPresets.SDM, 10, _ -> {})
            .run(List.of(folder.resolve("corpus")));
    assertEquals(0, report.failed());
  }

  @Test
  void aRunGoesOnWhereOneEnded() throws Exception {
    run(3, 300);
    assertEquals(List.of("seed 3 next 300"), lines("state"));
    int before = lines("corpus.jsonl").size();
    FuzzReport more = run(3, 300);
    assertEquals(List.of("seed 3 next 600"), lines("state"));
    assertTrue(more.situations() > before, "what was seen before counts");
    List<String> after = lines("corpus.jsonl");
    assertEquals(after.size(), after.stream().distinct().count());
    assertTrue(after.size() > before, "new situations are added");
  }

  @Test
  void aLineThatAKilledRunLeftHalfWrittenIsDropped() throws Exception {
    run(3, 300);
    Path corpus = folder.resolve("corpus");
    List<String> whole = lines("corpus.jsonl");
    List<String> failures = lines("failures.jsonl");
    for (String name : List.of("corpus.jsonl", "failures.jsonl")) {
      String text = Files.readString(corpus.resolve(name));
      Files.writeString(corpus.resolve(name), text + text.substring(0, 100));
    }
    run(3, 300);
    assertEquals(whole, lines("corpus.jsonl").subList(0, whole.size()));
    assertEquals(failures, lines("failures.jsonl").subList(0, failures.size()));
    for (String line : lines("failures.jsonl")) {
      assertEquals(List.of(), SchemaTest.schema().validate(line, InputFormat.JSON), line);
    }
  }

  @Test
  void aRunWithAnotherSeedIsRefused() throws Exception {
    run(3, 10);
    InputException e = assertThrows(InputException.class, () -> run(4, 10));
    assertTrue(e.getMessage().endsWith("its run has --seed 3, not 4"), e.getMessage());
  }

  @Test
  void aBrokenStateIsRefused() throws Exception {
    run(3, 10);
    Files.writeString(folder.resolve("corpus").resolve("state"), "seed 3 next many\n");
    InputException e = assertThrows(InputException.class, () -> run(3, 10));
    assertTrue(e.getMessage().endsWith("expected: seed N next N"), e.getMessage());
  }
}
