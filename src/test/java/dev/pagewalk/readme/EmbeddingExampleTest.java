package dev.pagewalk.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** README's example of the library does what it says, and is the code of this test. */
class EmbeddingExampleTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/pagewalk/readme/EmbeddingExampleTest.java");

  @Test
  void theExampleReachesItsPage() {
    assertEquals(new Outcome.Reached(0x4000_1234L), walk().outcome());
  }

  @Test
  void theMmuForgetsWithInvlpgOnly() throws Exception {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 30)) {
      memory.write64(0x1000, 0x2000 | Entry.P | Entry.RW | Entry.US);
      memory.write64(0x2000, 0x4000_0000L | Entry.P | Entry.PS);
      Cpu cpu = Cpu.withEverything(46, ModelPresets.SDM);
      // MMU begins
      Mmu mmu = Mmu.create(CpuModels.of("skylake"), cpu, memory, Registers.longMode(0x1000));
      long first = mmu.translate(0x1234, AccessCode.SUPERVISOR_READ); // walks
      long again = mmu.translate(0x1238, AccessCode.SUPERVISOR_READ); // hits
      memory.write64(0x2000, 0); // the TLB does not know
      mmu.invlpg(0x1000); // now it does
      Outcome fault = mmu.access(Access.of(0x1234, AccessKind.READ, Mode.SUPERVISOR));
      // MMU ends
      assertEquals(0x4000_1234L, first);
      assertEquals(0x4000_1238L, again);
      assertEquals(new Outcome.PageFault(0, 0x1234), fault);
      assertEquals(2, mmu.counters().walks());
    }
  }

  @Test
  void readmeShowsTheCodeForTheMmu() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains("```java\n" + between("// MMU") + "\n```"));
  }

  @Test
  void readmeShowsThisCode() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String example = between("// README");
    assertTrue(readme.contains("```java\n" + example + "\n}\n```"), example);
  }

  /** The code of this file between two comments. */
  private static String between(String mark) throws Exception {
    String source = Files.readString(SOURCE);
    String begin = mark + " begins";
    return source
        .substring(
            source.indexOf(begin + "\n") + begin.length() + 1, source.indexOf(mark + " ends"))
        .stripIndent()
        .strip();
  }

  private static WalkResult walk() {
    // README begins
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 30)) {
      memory.write64(0x1000, 0x2000 | Entry.P | Entry.RW | Entry.US); // PML4E 0
      memory.write64(0x2000, 0x4000_0000L | Entry.P | Entry.PS); // PDPTE 0: a 1 GiB page
      Cpu cpu = Cpu.withEverything(46, ModelPresets.SDM);
      ReferenceWalk walk = new ReferenceWalk(memory, cpu, Registers.longMode(0x1000));
      WalkResult result = walk.access(Access.of(0x1234, AccessKind.READ, Mode.SUPERVISOR));
      System.out.print(WalkExplanation.of(result));
      // README ends
      return result;
    }
  }
}
