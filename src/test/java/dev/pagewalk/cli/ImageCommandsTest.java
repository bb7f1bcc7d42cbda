package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Gzip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code walk} and {@code maps} print for the Linux image, to the letter, what QEMU said. */
class ImageCommandsTest {
  private static final String NAME = "test-vectors/images/linux-6.1-4level";

  @ParameterizedTest
  @CsvSource({"'', 0x29de000, 10450", "child., 0x2c5e000, 10279"})
  void mapsAsJsonIsTheListOfPagesLineByLine(String root, String cr3, int pages) throws Exception {
    List<String> expected =
        lines(root + "truth.jsonl.gz").stream()
            .filter(line -> line.endsWith(",\"src\":\"tlb\"}"))
            .map(line -> line.replace(",\"src\":\"tlb\"", ""))
            .toList();
    assertEquals(pages, expected.size());
    CommandRun run = CommandRun.onImage("maps", "--cr3", cr3, "--json");
    assertEquals(0, run.status());
    assertEquals(expected, run.out().lines().toList());
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @CsvSource({"'', 0x29de000, 2175", "child., 0x2c5e000, 898"})
  void walkAsJsonIsEveryAnswerToOneAddress(String root, String cr3, int answers) throws Exception {
    List<String> expected =
        lines(root + "truth.jsonl.gz").stream()
            .filter(line -> line.endsWith(",\"src\":\"gva2gpa\"}"))
            .map(line -> line.replace(",\"src\":\"gva2gpa\"", ""))
            .toList();
    assertEquals(answers, expected.size());
    String addresses =
        expected.stream().map(line -> line.substring(7, 25)).collect(Collectors.joining("\n"));
    CommandRun run =
        CommandRun.onImageWithInput(addresses, "walk", "--cr3", cr3, "--json", "--addresses", "-");
    assertEquals(0, run.status());
    assertEquals(expected, run.out().lines().toList());
  }

  @ParameterizedTest
  @CsvSource({"r, read", "w, write", "x, fetch"})
  void walkWithAnAccessGivesEveryRecordedResult(String letter, String access) throws Exception {
    List<String> recorded =
        lines("access.jsonl.gz").stream()
            .filter(line -> line.contains("\"access\":\"" + letter + "\""))
            .toList();
    Path file = Files.createTempFile("addresses", ".txt");
    Files.write(file, recorded.stream().map(line -> line.substring(7, 25)).toList());
    CommandRun run =
        CommandRun.onImage(
            "walk", "--json", "--access", access, "--user", "--addresses", file.toString());
    Files.delete(file);
    List<String> got = run.out().lines().toList();
    assertEquals(recorded.size(), got.size());
    for (int i = 0; i < got.size(); i++) {
      assertEquals(result(recorded.get(i)), result(got.get(i)), recorded.get(i));
    }
    System.out.println("[pagewalk] image: " + got.size() + " " + access + " accesses equal");
  }

  @Test
  void mergedMapsTakenApartAgainAreTheSamePages() {
    String merged = CommandRun.onImage("maps", "--json", "--merge").out();
    assertTrue(merged.lines().count() < 4000, "neighbours are joined");
    Map<Long, String> pages = new LinkedHashMap<>();
    merged.lines().forEach(line -> takeApart(line, pages));
    Map<Long, String> single = new LinkedHashMap<>();
    CommandRun.onImage("maps", "--json").out().lines().forEach(line -> takeApart(line, single));
    assertEquals(single, pages);
  }

  @Test
  void aWriteMarksThePageDirtyForTheAddressesAfterIt() {
    // A page that the process may write, with A = 0 and D = 0.
    String clean =
        CommandRun.onImage("maps", "--json")
            .out()
            .lines()
            .filter(line -> line.contains("\"X------UW\""))
            .findFirst()
            .orElseThrow()
            .substring(7, 25);
    CommandRun twice =
        CommandRun.onImage("walk", "--access", "write", "--cr4", "0x20", "--explain", clean, clean);
    assertEquals(0, twice.status());
    List<String> marks = twice.out().lines().filter(line -> line.startsWith("  mark")).toList();
    assertEquals(1, marks.size(), twice.out());
    assertTrue(marks.getFirst().endsWith("sets A and D"), marks.getFirst());
    assertTrue(twice.out().lines().toList().getLast().endsWith("allowed"), twice.out());
  }

  @Test
  void aTableThatIsNotInTheImageIsToldAsSuch() {
    CommandRun walk = CommandRun.onImage("walk", "--cr3", "0x7777000", "0x1000");
    assertTrue(walk.out().contains("lies outside the image"), walk.out());
    assertEquals("pagewalk: note: walks that ended at a table outside the image: 1\n", walk.err());
    CommandRun access =
        CommandRun.onImage("walk", "--cr3", "0x7777000", "--access", "read", "0x1000");
    assertTrue(access.out().contains("(the PML4E at 0x7777000 lies outside"), access.out());
    CommandRun.onImage("maps", "--cr3", "0x7777000")
        .assertRefused("CR3: expected a root table in the image, found none at");
  }

  /** Puts each 4 KiB of a line of maps into {@code pages}: its address and what it is. */
  private static void takeApart(String line, Map<Long, String> pages) {
    String[] parts = line.split("[\":,}]+", -1);
    long va = Long.parseUnsignedLong(parts[2].substring(2), 16);
    long pa = Long.parseUnsignedLong(parts[4].substring(2), 16);
    long size = Long.parseLong(parts[6]);
    for (long at = 0; at < size; at += 4096) {
      pages.put(va + at, Long.toHexString(pa + at) + " " + parts[8]);
    }
  }

  /** {@code ok}, or the exception and its error code, of a recorded line or one of ours. */
  private static String result(String line) {
    if (line.contains("\"result\":\"ok\"") || line.contains("\"pa\":\"0x")) {
      return "ok";
    }
    String exception = line.replaceAll(".*\"(?:result|exception)\":\"(#..)\".*", "$1");
    return exception + " " + line.replaceAll(".*\"error\":(\\d+).*", "$1");
  }

  private static List<String> lines(String suffix) throws Exception {
    return Gzip.lines(Path.of(NAME + "." + suffix));
  }
}
