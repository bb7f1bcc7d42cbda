package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelCheck;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * After every step of every public scenario the kernel's invariants hold and no TLB grants more
 * than the tables do, and when all processes have ended every frame and slot is free.
 */
class ScenarioInvariantsTest {
  private static final Path FOLDER = Path.of("test-vectors", "linux-mm");

  /** The check looks at every frame, so there are fewer than where the scenarios come from. */
  private static final long MEMORY_BYTES = 128 << 20;

  @ParameterizedTest
  @CsvSource({"classroom, public, 418", "zen2, public, 418", "classroom, recorded, 1389"})
  void theyHoldAfterEveryStep(String model, String file, int count) throws Exception {
    long scenarios = 0;
    try (PhysicalMemory memory = PhysicalMemory.ofSize(MEMORY_BYTES);
        LineReader in = new LineReader(FOLDER.resolve("linux-mm-" + file + ".jsonl.gz"))) {
      Checked machine = new Checked(CpuModels.of(model), memory);
      ScenarioRunner runner = new ScenarioRunner(machine);
      while (in.next()) {
        scenarios++;
        try (Cursor cursor = in.cursor()) {
          machine.scenario = ScenarioParser.parse(cursor);
        }
        runner.run(machine.scenario);
      }
      assertEquals(count, scenarios);
      System.out.println(
          "[pagewalk] invariants: held after each of "
              + machine.steps
              + " steps of scenarios, on cores of "
              + model);
    }
  }

  /** A machine that is checked after each step, and when its processes have ended. */
  private static final class Checked extends ScenarioMachine {
    private Scenario scenario;
    private long steps;

    Checked(CpuModel model, PhysicalMemory memory) {
      super(model, ModelPresets.SDM, memory);
    }

    @Override
    ScenarioAnswer perform(ScenarioStep step) {
      ScenarioAnswer answer = super.perform(step);
      steps++;
      check(OperationText.of(step));
      return answer;
    }

    @Override
    void end() {
      if (machine() != null) {
        for (AddressSpace mm : List.copyOf(processes().values())) {
          machine().exit(mm);
          check("exit at the end");
        }
        checked("the end", KernelCheck::empty);
      }
      super.end();
    }

    private void check(String what) {
      checked(what, KernelCheck::whole);
      for (Core core : machine().cores()) {
        checked(what, kernel -> KernelCheck.tlb(kernel, core.tlbState(), core.mmu().snapshot()));
      }
    }

    private void checked(String what, Consumer<Kernel> check) {
      try {
        check.accept(machine().kernel());
      } catch (AssertionError e) {
        throw new AssertionError(scenario.name() + ": " + what + ": " + e.getMessage(), e);
      }
    }
  }
}
