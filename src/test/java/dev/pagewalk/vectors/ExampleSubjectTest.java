package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of a subject, in Python, is asked, and what is planted in it shows. */
final class ExampleSubjectTest {
  private static final Path EXAMPLE = Path.of("test-vectors", "example-subject", "subject.py");

  private static VerifyReport verify(Path program) throws IOException {
    assumeTrue(hasPython(), "there is no python3 on the PATH");
    var options =
        new SubjectVerification.Options(
            "python3 '" + program + "'", "test", Duration.ofSeconds(30), 256, 3);
    return new SubjectVerification(options, 1000, bytes -> {})
        .run(List.of(Path.of("test-vectors", "walk", "walk-public.jsonl.gz")));
  }

  private static boolean hasPython() {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void itHasFewerThan60Lines() throws IOException {
    assertTrue(Files.readAllLines(EXAMPLE).size() < 60);
  }

  @Test
  void itsMistakesAreFound() throws IOException {
    VerifyReport report = verify(EXAMPLE);
    assertTrue(report.passed() > 8000, "passed " + report.passed());
    assertTrue(report.failed() > 1000, "failed " + report.failed());
    assertTrue(report.groups().get("reserved").failed() > 500, "rsvd-without-p");
    assertTrue(report.groups().get("rights").failed() > 100, "no-cr0-wp and xd-anded");
  }

  @Test
  void withItsMistakesMendedItPasses() throws IOException {
    String source = Files.readString(EXAMPLE);
    String mended =
        source
            .replace("fault(8 if entry & P else 0)", "fault(9 if entry & P else 0)")
            .replace("no_fetch and entry & XD", "no_fetch or entry & XD")
            .replace(
                "rights, no_fetch, old = regs[\"cr3\"] & frame, RW | US, True, {}",
                "rights, no_fetch, old = regs[\"cr3\"] & frame, RW | US, False, {}")
            .replace(
                "write and user and not", "write and (user or regs[\"cr0\"] >> 16 & 1) and not");
    Path program = Files.createTempFile("mended", ".py");
    try {
      Files.writeString(program, mended);
      VerifyReport report = verify(program);
      assertEquals(List.of(), report.failures());
      assertTrue(report.passed() > 9000, "passed " + report.passed());
    } finally {
      Files.delete(program);
    }
  }
}
