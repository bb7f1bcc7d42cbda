package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random vectors find what is wrong, and nothing where nothing is. */
class FuzzerTest {
  private static final long SEED = 20_261_121;

  private static PhysicalMemory memory() {
    return PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  }

  private static Fuzzer fuzzer(Engine engine, Duration limit, long most, Optional<Path> corpus)
      throws Exception {
    SubjectVerification.Options asked =
        new SubjectVerification.Options("", "test", Duration.ofSeconds(10), 1, 1);
    return new Fuzzer(
        new Fuzzer.Options(asked, SEED, limit, most, corpus),
        new InProcess(new EngineAnswerer(engine)));
  }

  private static FuzzReport run(Engine engine, long most) throws Exception {
    try (Fuzzer fuzzer = fuzzer(engine, Duration.ofMinutes(10), most, Optional.empty())) {
      return fuzzer.run(_ -> true);
    }
  }

  @Test
  void theReferenceIsNeverWrong() throws Exception {
    assertSound(run(new SpecEngine(memory()), 20_000));
  }

  @Test
  void aTlbThatKeepsAllThatItMayIsNeverWrong() throws Exception {
    assertSound(run(new DeviantEngine(memory(), Set.of(), true), 20_000));
  }

  @Test
  void theMmuIsNeverWrong() throws Exception {
    for (String name : List.of("skylake", "zen1", "limit")) {
      CpuModel model = CpuModels.of(name);
      assertSound(run(new MmuEngine(model, memory()), 10_000));
    }
  }

  private static void assertSound(FuzzReport report) {
    assertEquals(List.of(), report.findings());
    assertEquals(0, report.wrong());
    assertTrue(report.situations() > 500, () -> report.situations() + " situations");
    assertTrue(report.rules().size() >= 11, () -> "rules: " + report.rules());
  }

  @Test
  void eachSwitchIsFoundWithinSecondsAndExplained() throws Exception {
    List<String> missed = new ArrayList<>();
    for (Deviation planted : Deviation.values()) {
      long start = System.nanoTime();
      FuzzReport report;
      try (Fuzzer fuzzer =
          fuzzer(
              new DeviantEngine(memory(), Set.of(planted)),
              Duration.ofSeconds(60),
              30_000,
              Optional.empty())) {
        report = fuzzer.run(soFar -> !soFar.causes().containsKey(planted));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "[pagewalk] fuzz: %s %s after %.1f s, %d vectors, explained by %s%n",
          planted.id(),
          report.causes().containsKey(planted) ? "found" : "NOT FOUND",
          seconds,
          report.asked(),
          report.causes().keySet());
      if (!report.causes().containsKey(planted) || report.unexplained() > 0) {
        missed.add(planted.id() + " " + report.causes() + " " + report.unexplained());
      }
    }
    assertEquals(List.of(), missed);
  }

  @Test
  void whatIsFoundIsSmall() throws Exception {
    FuzzReport report = run(new DeviantEngine(memory(), Set.of(Deviation.NO_CR0_WP)), 2_000);
    assertFalse(report.findings().isEmpty());
    FuzzReport.Finding finding = report.findings().getFirst();
    assertEquals(Set.of(Deviation.NO_CR0_WP), finding.causes());
    assertEquals(1, finding.vector().split("\"do\"", -1).length - 1, finding.vector());
  }
}
