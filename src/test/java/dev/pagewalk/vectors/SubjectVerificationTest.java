package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody's program is asked, whatever it does, and the vectors on which it fails are known. */
final class SubjectVerificationTest {
  private static final int VECTORS = 300;

  /** A linear address of one vector among them, the 100th. */
  private static String marked;

  private static String markedId;

  @TempDir private static Path folder;

  private static Path vectors;

  @BeforeAll
  static void someVectors() throws IOException {
    vectors = folder.resolve("some.jsonl");
    try (LineReader in = new LineReader(Path.of("test-vectors", "walk", "walk-public.jsonl.gz"));
        BufferedWriter out = Files.newBufferedWriter(vectors)) {
      for (int i = 1; i <= VECTORS && in.next(); i++) {
        String line = in.text();
        out.write(line + "\n");
        if (i == 100) {
          marked = line.replaceAll(".*\"(va\":\"0x[0-9a-f]+).*", "$1");
          markedId = line.replaceAll("^.\"id\":\"([^\"]*)\".*", "$1");
        }
      }
    }
  }

  private static VerifyReport verify(String command, int window, int restarts)
      throws InputException {
    var options =
        new SubjectVerification.Options(
            command,
            "test",
            Duration.ofSeconds(command.contains("hang ") || command.startsWith("sleep") ? 2 : 20),
            window,
            restarts);
    return new SubjectVerification(options, 10, bytes -> {}).run(List.of(vectors));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512})
  void aProgramThatIsRightPasses(int window) throws Exception {
    VerifyReport report = verify(PlantedSubject.command("end", "nothing"), window, 5);
    assertEquals(VECTORS, report.passed());
    assertEquals(0, report.failed() + report.skippedTotal());
    assertEquals(List.of("pagewalk spec planted"), report.engines());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "end | the subject ended with status 7, saying: out of ideas",
        "hang | the subject said nothing for 2.0 s",
        "rubbish | the subject wrote what is no answer: subject: line ",
        "unasked | expected the number of a vector that was asked and not answered",
        "too-few | expected the number of a vector that was asked and not answered",
        "flood | expected the number of a vector that was asked and not answered",
        "flood-forever | expected the number of a vector that was asked and not answered",
        "half-line | the subject wrote what is no answer: subject: line ",
        "half-line-hang | the subject said nothing for 2.0 s",
        "two-halves | the subject wrote what is no answer: subject: line ",
        "binary | the subject wrote what is no answer: subject: line ",
        "long-line | the subject wrote a line of more than 1048576 bytes"
      })
  void theVectorOnWhichAProgramMisbehavesFailsAndTheOthersDoNot(String mischief, String told)
      throws Exception {
    VerifyReport report = verify(PlantedSubject.command(mischief, marked), 64, 10);
    assertEquals(VECTORS - 1, report.passed(), report.failures().toString());
    assertEquals(1, report.failed());
    VerifyReport.Failure failure = report.failures().getFirst();
    assertEquals(markedId, failure.place().id());
    String got = failure.answers().getFirst().got();
    assertTrue(got.contains(told), got);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow", "in-pieces", "shout"})
  void aProgramThatIsOnlyUnusualPasses(String how) throws Exception {
    VerifyReport report = verify(PlantedSubject.command(how, marked), 64, 2);
    assertEquals(VECTORS, report.passed(), report.failures().toString());
    assertEquals(0, report.failed() + report.skippedTotal());
  }

  @Test
  void aProgramThatEndsOnceForNoVectorIsToldOf() throws Exception {
    VerifyReport report = verify(PlantedSubject.command("once", "-"), 64, 10);
    assertTrue(report.failed() >= 1, "the program ended, and nobody heard of it");
    String got = report.failures().getFirst().answers().getFirst().got();
    assertTrue(got.contains("ended with status 7"), got);
  }

  @Test
  void aProgramThatAlwaysMisbehavesIsGivenUp() throws Exception {
    VerifyReport report = verify(PlantedSubject.command("end", "vector"), 16, 3);
    assertEquals(0, report.passed());
    assertTrue(report.failed() >= 1 && report.failed() <= 3, "failed " + report.failed());
    assertEquals(VECTORS, report.failed() + report.skippedTotal());
    assertTrue(report.skipped().containsKey("the subject was given up after 3 starts"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3 | expected its introduction; it ended with status 3",
        "echo no >&2; exit 1 | it ended with status 1, saying: no",
        "echo hello | expected JSON",
        "sleep 60 | expected its introduction; it said nothing for",
        "printf '{\"subject\":{\"proto' | expected JSON",
        "echo '{\"subject\":{\"protocol\":2}}' | expected a whole number from 1 to 1, found 2",
        "echo '{\"subject\":{\"protocol\":1}}' | expected the key name",
        "echo '{\"other\":{}}' | expected {\"subject\": {\"protocol\": 1, ...}}"
      })
  void aProgramThatDoesNotBeginIsBadInput(String command, String told) {
    String message = assertThrows(InputException.class, () -> verify(command, 16, 3)).getMessage();
    assertTrue(message.startsWith("subject '" + command + "': "), message);
    assertTrue(message.contains(told), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void vectorsThatNeedWhatTheProgramLacksAreSkippedWithTheReason() throws Exception {
    String hello =
        "{\"subject\":{\"protocol\":1,\"name\":\"n\",\"version\":\"1\",\"features\":[],"
            + "\"maxphyaddr\":[52,52],\"memory_after\":true}}";
    VerifyReport report = verify("echo '" + hello + "'; cat > /dev/null", 16, 3);
    assertEquals(VECTORS, report.skippedTotal());
    assertTrue(
        report.skipped().keySet().stream().anyMatch(why -> why.equals("the subject has no nx")),
        report.skipped().toString());
  }
}
