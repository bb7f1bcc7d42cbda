package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.kvm.Kvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The machine underneath answers vectors, and what it answers otherwise has a name. */
class KvmSubjectTest {
  private static final SubjectVerification.Options OPTIONS =
      new SubjectVerification.Options(Subject.KVM, "test", Duration.ofSeconds(10), 64, 5);

  @BeforeEach
  void needsKvm() {
    String whyNot = Kvm.whyNot().orElse("");
    assumeTrue(whyNot.isEmpty(), "skipped: " + whyNot);
  }

  @Test
  void theHandWrittenVectorsPassOrHaveTheirCause() throws Exception {
    VerifyReport report =
        new SubjectVerification(OPTIONS, 10, _ -> {})
            .run(List.of(Path.of("test-vectors", "walk", "tlb.jsonl")));
    assertTrue(report.passed() >= 50, () -> report.passed() + " passed");
    assertEquals(0, report.unexplained(), () -> report.failures().toString());
    assertTrue(report.engines().getFirst().startsWith("kvm: kvm_"), "the backend is named");
    System.out.printf(
        "[pagewalk] kvm: %d passed, %d failed, %d skipped of tlb.jsonl by %s%n",
        report.passed(), report.failed(), report.skippedTotal(), report.engines());
  }

  @Test
  void randomVectorsShowNothingUnexplained() throws Exception {
    Fuzzer.Options options =
        new Fuzzer.Options(OPTIONS, 7, Duration.ofSeconds(60), 600, Optional.empty());
    try (Fuzzer fuzzer = new Fuzzer(options)) {
      FuzzReport report = fuzzer.run(_ -> true);
      assertTrue(report.asked() > 100, () -> report.asked() + " asked");
      assertEquals(0, report.unexplained(), () -> report.findings().toString());
    }
  }
}
