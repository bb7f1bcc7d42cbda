package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that generates vectors: where they go, and what it says of them. */
final class GenerateCommandTest {
  @TempDir private Path folder;

  @Test
  void vectorsGoToTheOutputAndTheirCoverageToTheOther() {
    CommandRun run = CommandRun.of("generate", "--group", "lam,rules", "--count", "7");
    assertEquals(0, run.status());
    assertEquals(7, run.out().lines().count());
    assertTrue(run.out().startsWith("{\"id\":\"rules/1-0\""), run.out());
    assertTrue(run.err().contains("of 38"), run.err());
    assertEquals("7 vectors, seed 1", run.err().lines().toList().getLast());
  }

  @Test
  void aFileIsWrittenWholeAndTheSameForASeed() throws Exception {
    Path plain = folder.resolve("some.jsonl");
    Path zipped = folder.resolve("some.jsonl.gz");
    for (Path file : List.of(plain, zipped)) {
      CommandRun run =
          CommandRun.of("generate", "--seed", "9", "--count", "50", "--out", file.toString());
      assertEquals(0, run.status(), run.err());
      assertEquals("50 vectors, seed 9", run.out().lines().toList().getLast());
    }
    byte[] bytes = Files.readAllBytes(plain);
    try (var in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(zipped)))) {
      assertArrayEquals(bytes, in.readAllBytes());
    }
    CommandRun verified = CommandRun.of("verify", "--cpu", "zen2", plain.toString());
    assertEquals("50 passed, 0 failed, 0 skipped", verified.out().lines().toList().getLast());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count(), "nothing else is left behind");
    }
  }

  @Test
  void whatFailsLeavesTheFileAsItWas() throws Exception {
    Path file = folder.resolve("some.jsonl");
    Path broken = folder.resolve("broken.jsonl");
    Files.writeString(file, "before");
    Files.writeString(broken, "no vector\n");
    CommandRun run =
        CommandRun.of(
            "generate",
            "--count",
            "10",
            "--smoke",
            "5",
            "--from",
            broken.toString(),
            "--out",
            file.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("broken.jsonl: line 1"), run.err());
    assertEquals("before", Files.readString(file));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count(), "nothing else is left behind");
    }
  }

  @Test
  void programsGetADocument() {
    CommandRun run =
        CommandRun.of(
            "generate",
            "--group",
            "rules",
            "--count",
            "3",
            "--json",
            "--out",
            folder.resolve("some.jsonl").toString());
    String text = new String(run.out().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertTrue(text.startsWith("{\"vectors\":3,\"seed\":1,\"groups\":{\"rules\":3}"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--group nonesuch | expected all or some of rules, five-level",
        "--count 0 | expected 1 to 10000000",
        "--from some.jsonl | expected --smoke beside it",
        "--seed x | expected 0x and hex digits, or decimal",
        "--out /nonesuch/some.jsonl | expected its folder to be there"
      })
  void badUsageIsOneLine(String arguments, String told) {
    CommandRun run = CommandRun.of(("generate " + arguments).split(" ", -1));
    assertEquals(2, run.status());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(told), run.err());
  }
}
