package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One engine that answers wrongly among several is found, named, and counts each vector once. */
class WrongMmuTest {
  private static final Path VECTORS = Path.of("test-vectors", "walk", "walk-public.jsonl.gz");
  private static final Path IMAGE =
      Path.of("test-vectors", "images", "linux-6.1-4level.registers.json");
  private static final long ALL = 17_702;

  @Test
  void aVectorCountsOnceHoweverManyEnginesAnswer() throws Exception {
    VerifyReport report =
        verify(VECTORS, true, Map.of("a", PlantedEngine::right, "b", PlantedEngine::right));
    assertEquals(ALL, report.passed());
    assertEquals(0, report.failed());
    assertEquals(3, report.engines().size());
  }

  @Test
  void aVectorFailsIfOneEngineIsWrongAndTheFailureNamesIt() throws Exception {
    Map<String, PlantedEngine.Change> changes = new LinkedHashMap<>();
    changes.put("good", PlantedEngine::right);
    changes.put("bad", PlantedEngine::wrongOnWrites);
    VerifyReport report = verify(VECTORS, true, changes);
    assertEquals(List.of("spec", "good", "bad"), report.engines());
    assertEquals(ALL, report.passed() + report.failed());
    assertTrue(report.failed() > 2000 && report.passed() > 2000, "both kinds: " + report.failed());
    for (VerifyReport.Failure failure : report.failures()) {
      VerifyReport.Answer answer = only(failure);
      assertEquals(List.of("bad"), answer.engines());
      assertTrue(answer.step().contains(": write "), answer.step());
      assertTrue(answer.explanation().startsWith("bad says so"), answer.explanation());
    }
  }

  @Test
  void engineAfterEngineIsToldWithItsAnswerAndThoseThatAgreeTogether() throws Exception {
    Map<String, PlantedEngine.Change> changes = new LinkedHashMap<>();
    changes.put("one", PlantedEngine::wrongOnWrites);
    changes.put("other", (action, outcome) -> new Outcome.StackFault());
    changes.put("two", PlantedEngine::wrongOnWrites);
    VerifyReport report = verify(VECTORS, true, changes);
    assertEquals(ALL, report.failed());
    boolean differed = false;
    for (VerifyReport.Failure failure : report.failures()) {
      VerifyReport.Answer last = failure.answers().getLast();
      assertEquals(List.of("other"), last.engines());
      assertEquals("#SS error 0x0", last.got());
      assertTrue(last.explanation().startsWith("other says so"), last.explanation());
      if (failure.answers().size() == 2) {
        differed = true;
        VerifyReport.Answer first = failure.answers().getFirst();
        assertEquals(List.of("one", "two"), first.engines());
        assertTrue(first.got().startsWith("physical address 0x"), first.got());
        assertTrue(first.explanation().startsWith("one says so"), first.explanation());
      }
    }
    assertTrue(differed, "no vector on which the engines differ is shown");
  }

  @Test
  void failuresComeInTheOrderOfTheFileWhicheverBatchIsReadyFirst() throws Exception {
    AtomicInteger actions = new AtomicInteger();
    CountDownLatch laterBatches = new CountDownLatch(1000);
    PlantedEngine.Change slowAtFirst =
        (action, outcome) -> {
          if (actions.getAndIncrement() == 0) {
            // With one thread nobody else counts down, and there is nothing to wait for.
            assertDoesNotThrow(() -> laterBatches.await(1, TimeUnit.SECONDS));
          }
          laterBatches.countDown();
          return PlantedEngine.wrongOnWrites(action, outcome);
        };
    VerifyReport report = verify(VECTORS, false, Map.of("slow", slowAtFirst), 100_000);
    List<Long> lines = new ArrayList<>();
    report.failures().forEach(failure -> lines.add(failure.place().line()));
    assertEquals(report.failed(), lines.size());
    assertEquals(lines.stream().sorted().distinct().toList(), lines);
    List<VerifyReport.Failure> first =
        verify(VECTORS, false, Map.of("slow", PlantedEngine::wrongOnWrites)).failures();
    assertEquals(report.failures().subList(0, 10), first);
  }

  @Test
  void aBugOfAnEngineEndsTheRun() {
    PlantedEngine.Change broken =
        (action, outcome) -> {
          throw new IllegalStateException("a bug");
        };
    String told =
        assertThrows(IllegalStateException.class, () -> verify(VECTORS, true, Map.of("x", broken)))
            .getMessage();
    assertEquals("a bug", told);
  }

  @Test
  void aWrongAddressOfAnImageIsFound() throws Exception {
    PlantedEngine.Change wrong =
        (action, outcome) ->
            outcome instanceof Outcome.Reached(long pa) && (pa & 0x7000) == 0x7000
                ? new Outcome.Reached(pa ^ 0x1000)
                : outcome;
    VerifyReport report = verify(IMAGE, true, Map.of("bad", wrong));
    assertTrue(report.groups().get("image: pages").failed() > 500);
    assertTrue(report.groups().get("image: translations").failed() > 50);
    assertEquals(List.of("bad"), only(report.failures().getFirst()).engines());
    assertEquals(20_729, total(report, "image: pages"));
    assertEquals(3_073, total(report, "image: translations"));
    assertEquals(585, report.groups().get("image: effective rights").passed());
    assertEquals(961, report.groups().get("image: accesses").passed());
  }

  @Test
  void aWrongAnswerToAnAccessInAnImageIsFound() throws Exception {
    PlantedEngine.Change wrong =
        (action, outcome) ->
            outcome instanceof Outcome.PageFault(int error, long cr2) && error == 7
                ? new Outcome.PageFault(6, cr2)
                : outcome;
    VerifyReport report = verify(IMAGE, true, Map.of("bad", wrong));
    VerifyReport.Answer answer = only(report.failures().getFirst());
    assertEquals("#PF 7", answer.expected());
    assertEquals("#PF 6", answer.got());
    assertTrue(answer.step().startsWith("write 1 at 0x7ff64f"), answer.step());
    assertEquals(report.failed(), report.groups().get("image: accesses").failed());
  }

  @Test
  void withoutTheReferenceWalkOnlyWhatAnMmuCanAnswerCounts() throws Exception {
    VerifyReport report = verify(IMAGE, false, Map.of("good", PlantedEngine::right));
    assertEquals(0, report.failed());
    assertEquals(20_729 + 3_073 + 961, report.passed());
    assertEquals(585, report.skippedTotal());
  }

  private static VerifyReport.Answer only(VerifyReport.Failure failure) {
    assertEquals(1, failure.answers().size(), failure.toString());
    return failure.answers().getFirst();
  }

  private static long total(VerifyReport report, String group) {
    VerifyReport.Count count = report.groups().get(group);
    return count.passed() + count.failed();
  }

  private static VerifyReport verify(
      Path path, boolean spec, Map<String, PlantedEngine.Change> changes) throws Exception {
    return verify(path, spec, changes, 10);
  }

  private static VerifyReport verify(
      Path path, boolean spec, Map<String, PlantedEngine.Change> changes, int keepFailures)
      throws Exception {
    Engines engines = PlantedEngine.engines(spec, changes);
    return new Verification(engines, ModelPresets.SDM, keepFailures, bytes -> {})
        .run(List.of(path));
  }
}
