package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code explain} prints for a person, kept in golden files. */
class ExplainTextTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "explain");

  @ParameterizedTest
  @CsvSource({
    "entry-pte, entry 0x8000000012345067 --level pt",
    "entry-pte-shadow-stack, entry 0x1844",
    "entry-pte-shadow-stack-present, entry 0x1865",
    "entry-pte-supervisor, entry 0xf800000000001161",
    "entry-pte-reserved, entry 0x0010400012345067 --maxphyaddr 46",
    "entry-pte-not-present, entry 0x1234567800",
    "entry-zero, entry 0 --level pml4",
    "entry-pde-table, entry 0x1123067 --level pd",
    "entry-pde-2m, entry 0x3fff80000001fb --level pd --maxphyaddr 46",
    "entry-pde-2m-reserved, entry 0x2000e7 --level pd --maxphyaddr 39",
    "entry-pde-2m-misaligned, entry 0x2020e7 --level pd",
    "entry-pdpte-table, entry 0x80000000000c0021 --level pdpt",
    "entry-pdpte-1g, entry 0x18000000c00010e5 --level pdpt",
    "entry-pml4e, entry 0x123127 --level pml4",
    "entry-pml4e-ps, entry 0x1230a7 --level pml4",
    "entry-pml5e, entry 0x123027 --level pml5",
    "error-0x0, error 0",
    "error-0x6, error 6",
    "error-0x15, error 0x15",
    "error-0x1, error 0x1",
    "error-0x9, error 0x9",
    "error-0x23, error 0x23",
    "error-0x47, error 0x47",
    "error-0x8005, error 0x8005",
    "error-0xffffffff, error 0xffffffff",
    "va-user, va 0x7ffe12345678",
    "va-kernel-la57, va 0xff11000012345678 --la57",
    "va-not-canonical, va 0x0000800000000000",
    "va-tagged, va 0x7e007ffe12345678",
    "cr3, cr3 0x12345018",
    "cr3-pcide, cr3 0xe000000012345abc --pcide",
    "cr3-reserved, cr3 0x8010400012345000 --maxphyaddr 46",
    "cr4, cr4 0x3506f0",
    "cr4-reserved, cr4 0x80001000"
  })
  void theTextIsAsKept(String name, String arguments) throws Exception {
    CommandRun run = CommandRun.of(("explain " + arguments).split(" ", -1));
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertFalse(run.out().contains("\u001b"), "no colour without a terminal");
    for (String line : run.out().lines().toList()) {
      assertTrue(line.length() <= 100, line);
      assertEquals(line.stripTrailing(), line, "no blanks at the end");
    }
    Golden.check(
        FOLDER.resolve(name + ".txt"), "$ pagewalk explain " + arguments + "\n" + run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "explain", "explain entry", "explain error", "explain va", "explain cr3"})
  void helpIsShownOnRequest(String command) {
    CommandRun run = CommandRun.of((command + " --help").strip().split(" ", -1));
    assertEquals(0, run.status());
    assertEquals("", run.err());
    assertTrue(run.out().startsWith(("Usage: pagewalk " + command).strip()), run.out());
    assertTrue(run.out().contains("--help"), run.out());
  }

  @Test
  void withoutArgumentsTheUsageGoesToStandardError() {
    CommandRun run = CommandRun.of();
    assertEquals(2, run.status());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("Usage: pagewalk "), run.err());
  }

  @Test
  void theVersionIsOneLine() {
    CommandRun run = CommandRun.of("--version");
    assertEquals(0, run.status());
    assertTrue(run.out().startsWith("pagewalk "), run.out());
    assertEquals(1, run.out().lines().count());
  }
}
