package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.kvm.Kvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine underneath answers vectors, and what it answers otherwise has a name. */
class KvmSubjectTest {
  private static final SubjectVerification.Options OPTIONS =
      new SubjectVerification.Options(Subject.KVM, "test", Duration.ofSeconds(10), 64, 5);

  @TempDir private Path folder;

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

  /** A slot that is only added has KVM forget nothing: what a vector before left was used. */
  @Test
  void tablesOfAVectorBeforeAreForgottenByOneThatNeedsMoreMemory() throws Exception {
    String before =
        """
        {"id":"kvm/NUMBER","group":"kvm","cpu":{"maxphyaddr":39,"features":["nx","pge"]},\
        "state":{"cr0":"0x80000031","cr3":"0x1c870e000","cr4":"0xa0","efer":"0xd00"},\
        "memory":[["0xedf470c8","0xcec000e7"],["0x198881018","0xedf47027"],\
        ["0x1c870e000","TABLE"]],"steps":[{"do":"fetch","va":"0xc3221304","size":1,"cpl":3,\
        "ac":0,"expect":OUTCOME}],"sources":["pagewalk-spec"]}
        """;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 6; i += 2) {
      lines.append(
          before
              .replace("NUMBER", Integer.toString(i))
              .replace("TABLE", "0x198881027")
              .replace("OUTCOME", "{\"pa\":\"0xcec21304\"}"));
      lines.append(
          before
              .replace("NUMBER", Integer.toString(i + 1))
              .replace("TABLE", "0x1198881027")
              .replace(
                  "OUTCOME", "{\"exception\":\"#PF\",\"error\":\"0x14\",\"cr2\":\"0xc3221304\"}"));
    }
    Path file = Files.writeString(folder.resolve("pairs.jsonl"), lines);
    VerifyReport report = new SubjectVerification(OPTIONS, 10, _ -> {}).run(List.of(file));
    assertEquals(List.of(), report.failures());
    assertEquals(6, report.passed() + report.skippedTotal());
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
