package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.CpuModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** {@code verify} reports what passed and what failed, and answers with its exit status. */
class VerifyCommandTest {
  private static final String VECTOR =
      "{\"id\":\"a/1\",\"group\":\"a\",\"cpu\":{\"maxphyaddr\":40,\"features\":[]},"
          + "\"state\":{\"cr0\":\"0x80010031\",\"cr3\":\"0x1000\",\"cr4\":\"0x20\","
          + "\"efer\":\"0x500\"},\"memory\":[],\"steps\":[{\"do\":\"read\",\"va\":\"0x5000\","
          + "\"size\":4,\"cpl\":3,\"ac\":0,\"expect\":{\"exception\":\"#PF\",\"error\":\"0xERROR\","
          + "\"cr2\":\"0x5000\"}}],\"sources\":[\"hand\"]}\n";

  /** A vector with a page of user mode at 0, up to its steps. */
  private static final String MAPPED =
      "{\"id\":\"a/2\",\"group\":\"a\",\"cpu\":{\"maxphyaddr\":40,\"features\":[]},"
          + "\"state\":{\"cr0\":\"0x80010031\",\"cr3\":\"0x1000\",\"cr4\":\"0x20\","
          + "\"efer\":\"0x500\"},\"memory\":[[\"0x1000\",\"0x2027\"],[\"0x2000\",\"0x3027\"],"
          + "[\"0x3000\",\"0x4027\"],[\"0x4000\",\"0x9067\"]],\"steps\":[";

  private static final String READ =
      "{\"do\":\"read\",\"va\":\"0x0\",\"size\":8,\"cpl\":3,\"ac\":0,%s}";

  /** A scenario that maps a page and reads from it. */
  private static final String SCENARIO =
      "{\"name\":\"one\",\"group\":\"a\",\"about\":\"A page.\",\"base\":\"0x100000000000\","
          + "\"features\":[],\"steps\":[{\"p\":\"A\",\"op\":\"mmap\",\"addr\":\"0x100000000000\","
          + "\"len\":4096,\"prot\":\"r\",\"flags\":[\"private\",\"anon\",\"fixed\"],"
          + "\"r\":{\"ret\":\"0x100000000000\",\"min\":0,\"maj\":0,\"pf\":[]},"
          + "\"s\":{\"A\":{\"vmas\":[[\"0x100000000000\",\"0x100000001000\",\"r--p\",0,\"\",\"\"]],"
          + "\"smaps\":[{}]}}},"
          + "{\"p\":\"A\",\"op\":\"read\",\"addr\":\"0x100000000008\",\"size\":4,"
          + "\"r\":{\"ok\":true,\"val\":\"0x0\",\"min\":1,\"maj\":0,"
          + "\"pf\":[[\"0x100000000008\",4]]},"
          + "\"s\":{\"A\":{\"pages\":[[0,1,\"PZ\",0]],\"pt\":3}}}],"
          + "\"end\":{\"mem\":{\"A\":[[0,1,\"0\"]]}}}\n";

  @TempDir Path folder;

  @Test
  void allWellEndsWithTheTotalsAndStatusZero() throws Exception {
    CommandRun run = CommandRun.of("verify", vectors("4", "4"));
    assertEquals(0, run.status());
    assertEquals("", run.err());
    assertTrue(run.out().endsWith("\n2 passed, 0 failed, 0 skipped\n"), run.out());
  }

  @Test
  void aFailureIsShownWithItsWalkAndStatusOne() throws Exception {
    String file = vectors("4", "5");
    CommandRun run = CommandRun.of("verify", "--engine", "spec", file);
    assertEquals(1, run.status());
    assertEquals(
        """
        FAILED a/1  %s line 2
          by        spec
          step 1: read 4 at 0x5000, CPL 3
          expected  #PF error 0x5, CR2 0x5000
          got       #PF error 0x4, CR2 0x5000
            addr  0x0000000000005000 is canonical in 48 bits
            read  PML4E [0x1000] = 0x0000000000000000
                  stops: P is 0
                  rule: there is no translation for an address if an entry on the way has the P \
        flag 0 (SDM "Page-Fault Exceptions")
            => #PF, error code 0x4 (U/S), CR2 0x5000

        group      passed      failed
        a               1           1

        Engines: spec
        1 passed, 1 failed, 0 skipped
        """
            .formatted(file),
        run.out());
  }

  @Test
  void aFailureOfTheMmuSaysWhatItsStructuresDid() throws Exception {
    String reads =
        READ.formatted("\"expect\":{\"pa\":\"0x9000\"}")
            + ","
            + READ.formatted("\"expect\":{\"pa\":\"0xa000\"}");
    String file = write(MAPPED + reads + "],\"sources\":[\"hand\"]}\n");
    CommandRun run = CommandRun.of("verify", "--engine", "mmu", "--cpu", "classroom", file);
    assertEquals(1, run.status());
    String told = run.out();
    assertTrue(told.contains("  by        mmu classroom\n  step 2: read 8 at 0x0, CPL 3\n"), told);
    assertTrue(told.contains("    no page walk\n"), told);
    assertTrue(told.contains(": 1 hit\n"), told);
    assertTrue(
        told.contains(
            " holds PCID 0x0, 0x0000000000000000 -> 0x9000, 4 KiB page, key 0, USER WRITABLE"
                + " EXECUTABLE DIRTY\n"),
        told);
    assertTrue(
        told.contains(
            "    the reference walk on the tables as they are now:\n"
                + "    addr  0x0000000000000000 is canonical"),
        told);
    assertTrue(told.endsWith("\nEngines: mmu classroom\n0 passed, 1 failed, 0 skipped\n"), told);
  }

  @Test
  void enginesThatAnswerDifferentlyAreShownOneByOne() throws Exception {
    String steps =
        READ.formatted("\"expect\":{\"pa\":\"0x9000\"}")
            + ",{\"do\":\"store\",\"pa\":\"0x4000\",\"value\":\"0xb067\"},"
            + READ.formatted("\"expect\":{\"pa\":\"0xa000\"}");
    String file = write(MAPPED + steps + "],\"sources\":[\"hand\"]}\n");
    String told = CommandRun.of("verify", "--cpu", "classroom,zen4", file).out();
    String block =
        "  by        %s\n  step 3: read 8 at 0x0, CPL 3\n  expected  physical address"
            + " 0xa000\n  got       physical address %s\n    ";
    String spec = block.formatted("spec", "0xb000");
    String mmus = block.formatted("mmu classroom, mmu zen4", "0x9000");
    assertTrue(told.contains("FAILED a/2  " + file + " line 1\n" + spec), told);
    assertTrue(told.indexOf(mmus) > told.indexOf(spec), told);
    assertEquals(2, told.lines().filter(line -> line.startsWith("  by  ")).count(), told);
    String json = CommandRun.of("verify", "--json", "--cpu", "classroom,zen4", file).out();
    String answer =
        "{\"engines\":[%s],\"step\":\"step 3: read 8 at 0x0, CPL 3\",\"expected\":\"physical"
            + " address 0xa000\",\"got\":\"physical address %s\",\"explanation\":[\"";
    assertTrue(json.contains("\"answers\":[" + answer.formatted("\"spec\"", "0xb000")), json);
    assertTrue(
        json.contains("\"]}," + answer.formatted("\"mmu classroom\",\"mmu zen4\"", "0x9000")),
        json);
  }

  @Test
  void withoutOptionsTheReferenceWalkAndAllModelsAnswer() throws Exception {
    CommandRun run = CommandRun.of("verify", vectors("4", "5"));
    List<String> engines = new ArrayList<>(List.of("spec"));
    CpuModels.names().forEach(name -> engines.add("mmu " + name));
    String all = String.join(", ", engines);
    assertTrue(run.out().contains("\n  by        " + all + "\n"), run.out());
    assertTrue(
        run.out().endsWith("\nEngines: " + all + "\n1 passed, 1 failed, 0 skipped\n"), run.out());
  }

  @Test
  void theModelsThatAreNamedAnswerInThatOrder() throws Exception {
    CommandRun run = CommandRun.of("verify", "--cpu", "skylake,classroom", vectors("4"));
    assertTrue(
        run.out()
            .endsWith(
                "\nEngines: spec, mmu skylake, mmu classroom\n1 passed, 0 failed, 0 skipped\n"),
        run.out());
  }

  @Test
  void withoutAnMmuScenariosAreSkippedWithTheReason() throws Exception {
    CommandRun run = CommandRun.of("verify", "--engine", "spec", write(SCENARIO.repeat(3)));
    assertEquals(0, run.status());
    assertEquals(
        """
        skipped 3: scenario of a Linux kernel: it runs on MMUs, and none answers
        Engines: spec
        0 passed, 0 failed, 3 skipped
        """,
        run.out());
  }

  @Test
  void scenariosAreReportedByGroupAndLayerEachCountingOnce() throws Exception {
    String wrong = SCENARIO.replace("[[\"0x100000000008\",4]]", "[[\"0x100000000008\",6]]");
    String file = write(SCENARIO + wrong.replace("\"a\"", "\"b\"").replace("\"pt\":3", "\"pt\":2"));
    CommandRun run = CommandRun.of("verify", "--cpu", "classroom,zen2", file);
    assertEquals(1, run.status());
    assertEquals(
        """
        FAILED one  %s line 2
          by        mmu classroom, mmu zen2
          step 2: A read 0x100000000008 size 4: page faults
          expected  [0x100000000008 6]
          got       [0x100000000008 4]
            faults: step 2: A read 0x100000000008 size 4: page faults
            counters: step 2: A read 0x100000000008 size 4: page-table pages of A
              expected  2
              got       3

        scenarios      passed      failed   results    faults      vmas     pages  counters  contents
        a                   1           0         1         1         1         1         1         1
        b                   0           1         1         0         1         1         0         1
        in all              1           1         2         1         2         2         1         2

        Engines: spec, mmu classroom, mmu zen2
        1 passed, 1 failed, 0 skipped
        """
            .formatted(file),
        run.out());
    String json = CommandRun.of("verify", "--json", "--cpu", "classroom", file).out();
    assertTrue(
        json.contains(
            "\"scenarios\":{\"a\":{\"passed\":1,\"failed\":0,\"layers\":{"
                + "\"results\":{\"passed\":1,\"failed\":0},\"faults\":{\"passed\":1,\"failed\":0},"),
        json);
    assertTrue(json.contains("\"written_back\":[],\"failures\":[{\"file\":"), json);
  }

  @Test
  void onlyAsManyFailuresAreShownAsAskedFor() throws Exception {
    CommandRun run = CommandRun.of("verify", "--failures", "1", vectors("5", "5", "5"));
    assertEquals(1, run.out().lines().filter(line -> line.startsWith("FAILED")).count());
    assertTrue(run.out().contains("... and 2 more failures"), run.out());
    assertTrue(run.out().endsWith("\n0 passed, 3 failed, 0 skipped\n"), run.out());
  }

  @Test
  void forAProgramItIsOneJsonDocument() throws Exception {
    CommandRun run = CommandRun.of("verify", "--json", "--cpu", "classroom", vectors("4", "5"));
    assertEquals(1, run.status());
    int depth = 0;
    int documents = 0;
    try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), run.out())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        depth += token.isStructStart() ? 1 : 0;
        depth -= token.isStructEnd() ? 1 : 0;
        documents += depth == 0 ? 1 : 0;
      }
    }
    assertEquals(1, documents);
    String start = "{\"passed\":1,\"failed\":1,\"skipped\":0,";
    String engines = "\"engines\":[\"spec\",\"mmu classroom\"],";
    assertTrue(run.out().startsWith(start + engines + "\"groups\":{"), run.out());
    String failure = "\"id\":\"a/1\",\"answers\":[{" + engines + "\"step\":\"step 1: read 4 at";
    assertTrue(run.out().contains(failure), run.out());
  }

  @Test
  void anotherModelGivesItsOwnAnswers() {
    String file = "test-vectors/walk/walk-public.jsonl.gz";
    CommandRun run =
        CommandRun.of("verify", "--model", "qemu-7.2", "--failures", "0", "--engine", "spec", file);
    assertEquals(1, run.status());
    assertTrue(run.out().endsWith("\n16199 passed, 1503 failed, 0 skipped\n"), run.out());
  }

  private String vectors(String... errors) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (String error : errors) {
      lines.append(VECTOR.replace("ERROR", error));
    }
    return write(lines.toString());
  }

  private String write(String lines) throws Exception {
    return Files.writeString(folder.resolve("v.jsonl"), lines).toString();
  }
}
