package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code walk --as} makes implicit and shadow-stack accesses. */
class WalkAsTest {
  /** A read-only user page of the image, clean, under SMAP and CR0.WP. */
  private static final String PAGE = "0x7ff64f24ecf8";

  private static CommandRun walk(String arguments) {
    List<String> all = new ArrayList<>(List.of("walk", "--image", CommandRun.IMAGE));
    all.addAll(List.of("--registers", CommandRun.REGISTERS));
    all.addAll(List.of(arguments.split(" ", -1)));
    all.add(PAGE);
    return CommandRun.of(all.toArray(String[]::new));
  }

  @Test
  void anImplicitAccessIsASupervisorModeOneAndAcDoesNotHelpIt() {
    assertTrue(walk("--access read --supervisor --ac").out().contains("-> 0xf972cf8"));
    for (String who : List.of("--user", "--supervisor")) {
      CommandRun run = walk("--access read --as implicit --ac --explain " + who);
      assertTrue(run.out().contains("#PF, error code 0x1 (P)"), run.out());
      assertTrue(run.out().contains("only if they are explicit"), run.out());
    }
  }

  @Test
  void aShadowStackAccessAsksForAShadowStackPage() {
    CommandRun run = walk("--cr4 0x8000a0 --access write --as shadow-stack --explain");
    assertTrue(run.out().contains("error code 0x47 (SS U/S W/R P)"), run.out());
    assertTrue(run.out().contains("a shadow-stack page has R/W 0 and D 1"), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--access fetch --as implicit | expected --access read or write with --as",
        "--as implicit | expected --access read or write with --as",
        "--access read --as shadow-stack | expected CR0.WP and CR4.CET to be 1",
        "--access read --as magic | expected implicit or shadow-stack, not 'magic'"
      })
  void badUsageIsOneLine(String arguments, String told) {
    CommandRun run = walk(arguments);
    assertEquals(2, run.status());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(told), run.err());
  }
}
