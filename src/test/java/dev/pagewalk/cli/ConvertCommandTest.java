package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pagewalk convert} says what is in a trace, writes it elsewhere, and refuses bad input. */
final class ConvertCommandTest {
  private static final String TRACE =
      """
      pid,op,address,size
      7,f,0x401000,3
      7,r,0x7ffffffc,8
      nonsense
      8,w,0x1000,4
      """;

  @TempDir private Path folder;

  @Test
  void aTraceIsDescribed() throws IOException {
    CommandRun run = CommandRun.of("convert", "--skip-malformed", trace());
    assertEquals(
        """
        trace       %s (csv)
        accesses                     3
          reads                      1
          writes                     1
          fetches                    1
          modifies                   0
        crossing                     1  from one page to the next
        pages                        4  of 4 KiB
        addresses   0x1000 to 0x80000003
        processes                    2
          7                          2  accesses to 3 pages
          8                          1  accesses to 1 pages
        skipped                      1  malformed lines or records
        """
            .formatted(trace()),
        run.out());
    assertEquals(0, run.status());
    assertEquals("", run.err());
  }

  @Test
  void aTraceIsDescribedForAProgram() throws IOException {
    CommandRun run = CommandRun.of("convert", "--skip-malformed", "--json", trace());
    assertEquals(
        "{\"trace\":\""
            + trace()
            + "\",\"format\":\"csv\",\"accesses\":3,\"reads\":1,\"writes\":1,\"fetches\":1,"
            + "\"modifies\":0,\"page_crossing\":1,\"pages\":4,\"lowest\":\"0x1000\","
            + "\"highest\":\"0x80000003\",\"processes\":["
            + "{\"number\":0,\"id\":\"7\",\"accesses\":2,\"pages\":3},"
            + "{\"number\":1,\"id\":\"8\",\"accesses\":1,\"pages\":1}],\"skipped\":1}\n",
        run.out());
  }

  @Test
  void aTraceIsWrittenInAnotherFormatAndBack() throws IOException {
    String pwt = folder.resolve("a.pwt.zst").toString();
    CommandRun run = CommandRun.of("convert", "--skip-malformed", trace(), pwt);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains("\nwritten     " + pwt + ", " + Files.size(Path.of(pwt))));
    run = CommandRun.of("convert", pwt, "-", "--to", "csv");
    assertEquals(TRACE.replace("nonsense\n", ""), run.out());
    assertTrue(run.err().startsWith("trace       " + pwt + " (pwt)\n"), run.err());
  }

  @Test
  void whatAFormatCannotTellIsSaid() throws IOException {
    String din = folder.resolve("a.din").toString();
    CommandRun run = CommandRun.of("convert", "--skip-malformed", trace(), din, "--json");
    assertTrue(
        run.out()
            .endsWith(
                "\"output_bytes\":"
                    + Files.size(Path.of(din))
                    + ",\"lost\":[\"the sizes of accesses\",\"which process an access is of\"]}\n"),
        run.out());
  }

  @Test
  void theFirstAccessesCanBeTaken() {
    CommandRun run =
        CommandRun.of("convert", "loop:pages=3", "-", "--to", "lackey", "--limit", "4");
    assertEquals(" L 10000000,8\n L 10001000,8\n L 10002000,8\n L 10000000,8\n", run.out());
  }

  @Test
  void badInputIsRefusedInOneLineAndLeavesNothing() throws IOException {
    String output = folder.resolve("a.pwt").toString();
    CommandRun.of("convert", trace(), output)
        .assertRefused(trace() + ": line 4: expected a decimal process id; found \"nonsense\"");
    assertTrue(Files.notExists(Path.of(output)));
    CommandRun.of("convert", "no-such-file").assertRefused("no-such-file: no such file");
    CommandRun.of("convert", "zipf:pages=0").assertRefused("zipf:pages=0: expected pages from 1");
    CommandRun.of("convert", trace(), "-").assertRefused("convert: expected --to with OUTPUT -");
    CommandRun.of("convert", trace(), "--to", "csv")
        .assertRefused("convert: expected OUTPUT with --to");
    CommandRun.of("convert", trace(), "--from", "elf")
        .assertRefused("convert: --format: expected one of pwt, lackey, din,");
    CommandRun.of("convert", trace(), "--limit", "-1").assertRefused("--limit");
    CommandRun.of("convert", trace(), "--limit", "1x")
        .assertRefused("--limit: expected a number such as 1000 or 1M, not '1x'");
    CommandRun.of("convert", trace(), folder.resolve("a.txt").toString())
        .assertRefused("expected a name that ends with .pwt, .csv, .lackey or .din, or a format");
    CommandRun.of("convert", trace(), output, "--to", "champsim")
        .assertRefused(
            "expected a format that is written: pwt, csv, lackey or din; found champsim");
    CommandRun.of("convert").assertRefused("missing TRACE");
  }

  private String trace() throws IOException {
    return Files.writeString(folder.resolve("trace"), TRACE).toString();
  }
}
