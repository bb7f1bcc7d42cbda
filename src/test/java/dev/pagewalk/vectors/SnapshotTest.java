package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Gzip;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot fails where the truth beside it says otherwise. */
class SnapshotTest {
  private static final Path IMAGES = Path.of("test-vectors", "images");
  private static final String NAME = "linux-6.1-4level.";

  @TempDir Path folder;

  @BeforeEach
  void copyImage() throws Exception {
    copy("elf.gz");
    copy("registers.json");
  }

  @Test
  void aPageWithAnotherFlagIsFound() throws Exception {
    edit("truth.jsonl", 3, line -> line.replace("X--DA--UW", "X--DA--U-"));
    VerifyReport report = verify();
    assertEquals(1, report.failed());
    assertEquals(4, report.failures().getFirst().place().line());
    assertTrue(answer(report).got().endsWith("X--DA--UW"));
  }

  @Test
  void aPageThatWeListAndTheTruthDoesNotIsFound() throws Exception {
    List<String> lines = lines("truth.jsonl.gz");
    lines.removeIf(line -> line.contains("0xffffffffff5fd000") && line.contains("tlb"));
    Files.write(folder.resolve(NAME + "truth.jsonl"), lines);
    VerifyReport report = verify();
    assertEquals(1, report.failed());
    assertEquals("no further page", answer(report).expected());
  }

  @Test
  void anAddressWithAnotherAnswerIsFoundAndItsWalkExplained() throws Exception {
    List<String> lines = lines("truth.jsonl.gz");
    int last = lines.size() - 1;
    while (!lines.get(last).contains("\"pa\":\"")) {
      last--;
    }
    edit("truth.jsonl", last, line -> line.replaceFirst("\"pa\":[^,]*", "\"pa\":\"0x7\""));
    VerifyReport report = verify();
    assertEquals(1, report.failed());
    assertTrue(answer(report).explanation().contains("PML4E"));
  }

  @Test
  void anAccessWithAnotherResultIsFound() throws Exception {
    edit("access.jsonl", 1, line -> line.replace("\"error\":7", "\"error\":6"));
    assertEquals(1, verify().failed());
  }

  @Test
  void aRangeWithOtherRightsIsFound() throws Exception {
    edit("mem.txt", 0, line -> line.replace("urw", "ur-"));
    assertEquals(1, verify().failed());
  }

  @Test
  void aSnapshotWithoutTruthIsReportedAsSkipped() throws Exception {
    VerifyReport report = verify();
    assertEquals(0, report.passed());
    assertEquals(2, report.skippedTotal(), "one for each root");
  }

  @Test
  void aTruthLineOutOfFormatIsRefused() throws Exception {
    edit("truth.jsonl", 2, line -> line.replace("\"src\"", "\"source\""));
    String told = assertThrows(InputException.class, this::verify).getMessage();
    assertTrue(told.contains("truth.jsonl: line 3: source: unknown key"), told);
  }

  @Test
  void linesOfTruthThatContradictThemselvesAreRefused() throws Exception {
    edit("truth.jsonl", 2, line -> line.replace("4096", "4097"));
    assertRefused("truth.jsonl: line 3: expected pa, a size of 4096");
    edit("truth.jsonl", 2, line -> line.replace("X--DA--UW", "X"));
    assertRefused("truth.jsonl: line 3: expected pa, a size of 4096");
    Files.delete(folder.resolve(NAME + "truth.jsonl"));
    edit("access.jsonl", 1, line -> line.replace(",\"error\":7", ""));
    assertRefused("access.jsonl: line 2: result: expected ok, or #PF or #GP with an error");
    edit("access.jsonl", 0, line -> line.replace("\"ok\"", "\"#UD\""));
    assertRefused("access.jsonl: line 1: result: expected ok");
    Files.delete(folder.resolve(NAME + "access.jsonl"));
    edit("mem.txt", 1, line -> line + "x");
    assertRefused("mem.txt: line 2: expected START-END LENGTH RIGHTS");
  }

  @Test
  void registersThatNoWalkCanStartFromAreRefused() throws Exception {
    Path registers = folder.resolve(NAME + "registers.json");
    String text = Files.readString(registers);
    Files.writeString(registers, text.replace("0x00750eb0", "0x00750e90"));
    assertRefused("registers.json: expected 4-level or 5-level paging");
    Files.writeString(registers, text.replace("\"0x2c5e000\"", "\"0x20000002c5e000\""));
    assertRefused("registers.json: CR3: expected a physical address of 40 bits");
  }

  @Test
  void aFileOfAccessesThatIsEmptyIsRefused() throws Exception {
    Files.createFile(folder.resolve(NAME + "access.jsonl"));
    assertRefused("access.jsonl: expected at least one access, found none");
  }

  @Test
  void aSnapshotWithoutImageIsRefused() throws Exception {
    Files.delete(folder.resolve(NAME + "elf.gz"));
    String told = assertThrows(InputException.class, this::verify).getMessage();
    assertTrue(told.endsWith(".elf: no such file"), told);
  }

  private void assertRefused(String message) {
    String told = assertThrows(InputException.class, this::verify).getMessage();
    assertTrue(told.contains(message), told);
  }

  /** The wrong answer of the only engine to the first line that failed. */
  private static VerifyReport.Answer answer(VerifyReport report) {
    return report.failures().getFirst().answers().getFirst();
  }

  private VerifyReport verify() throws InputException {
    return new Verification(Engines.spec(), ModelPresets.SDM, 10, bytes -> {}).run(List.of(folder));
  }

  private void copy(String suffix) throws Exception {
    Files.copy(IMAGES.resolve(NAME + suffix), folder.resolve(NAME + suffix));
  }

  private void edit(String suffix, int line, java.util.function.UnaryOperator<String> change)
      throws Exception {
    List<String> lines = lines(suffix + ".gz");
    String before = lines.get(line);
    lines.set(line, change.apply(before));
    assertTrue(!lines.get(line).equals(before), before);
    Files.write(folder.resolve(NAME + suffix), lines);
  }

  private static List<String> lines(String suffix) throws Exception {
    return new ArrayList<>(Gzip.lines(IMAGES.resolve(NAME + suffix)));
  }
}
