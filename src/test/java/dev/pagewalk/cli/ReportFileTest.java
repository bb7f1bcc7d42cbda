package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** {@code verify --report} writes files that people and other programs read. */
final class ReportFileTest {
  private static final String VECTOR =
      """
      {"id":"x/1<&","group":"x","cpu":{"maxphyaddr":40,"features":[]},"state":{"cr0":"0x80000011",\
      "cr3":"0x1000","cr4":"0x20","efer":"0x500"},"memory":[["0x1000","0x0"]],"steps":[{"do":"read",\
      "va":"0x0","size":1,"cpl":0,"ac":0,"expect":{"pa":"0x7000"}}],"sources":["nobody"]}
      """;

  @TempDir private Path folder;

  private CommandRun verify(String... reports) throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong.jsonl"), VECTOR);
    List<String> arguments =
        Stream.concat(
                Stream.of("verify", "--engine", "spec", wrong.toString()),
                Stream.of(reports)
                    .flatMap(name -> Stream.of("--report", folder.resolve(name).toString())))
            .toList();
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void allThreeKindsAreWrittenAtOnce() throws Exception {
    assertEquals(1, verify("r.md", "r.html", "r.xml").status());
    String markdown = Files.readString(folder.resolve("r.md"));
    assertTrue(markdown.contains("**0 passed, 1 failed, 0 skipped**"), markdown);
    assertTrue(markdown.contains("| x | 0 | 1 |"), markdown);
    assertTrue(markdown.contains("- expected `physical address 0x7000`"), markdown);
    String html = Files.readString(folder.resolve("r.html"));
    assertTrue(html.contains("<code>x/1&lt;&amp;</code>"), html);
    assertFalse(html.contains("http"), "needs nothing else");
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("r.xml").toFile())
            .getDocumentElement();
    assertEquals("2", suite.getAttribute("tests"));
    assertEquals("2", suite.getAttribute("failures"));
    assertEquals(2, suite.getElementsByTagName("testcase").getLength());
    assertEquals(2, suite.getElementsByTagName("failure").getLength());
  }

  @Test
  void aNameOfAnotherKindIsRefused() throws Exception {
    CommandRun run = verify("r.pdf");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("expected a name that ends with .md, .html or .xml"), run.err());
  }

  @Test
  void aFolderThatIsNotThereIsToldAndNothingIsLeftBehind() throws Exception {
    CommandRun run = verify("nowhere/r.md");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("r.md: expected its folder to exist"), run.err());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }
}
