package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong expectation in a scenario, or a machine that forgets something, is found and named. */
class PlantedScenarioTest {
  private static final Path PUBLIC =
      Path.of("test-vectors", "linux-mm", "linux-mm-public.jsonl.gz");

  /** Two mappings and a compare-exchange in each; the second is refused. */
  private static final String PLANTED = "access-cmpxchg-fails";

  @TempDir Path folder;

  @Test
  void theScenarioToPlantInPasses() throws Exception {
    assertEquals(List.of(), verify(line(PLANTED)).failures());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RESULTS  | \"val\":\"0x0\" -> \"val\":\"0x1\" | 2 | {ok=true, val=0x1}",
        "RESULTS  | \"err\":6 -> \"err\":7 | 4 | err=7",
        "RESULTS  | \"ret\":\"0x100000004000\" -> \"errno\":\"EEXIST\" | 3 | errno=EEXIST",
        "FAULTS   | [\"0x100000004000\",6] -> [\"0x100000004000\",7] | 4 | 0x100000004000 7",
        "FAULTS   | \"min\":1 -> \"min\":0 | 2 | min=0",
        "VMAS     | \"r--p\",0 -> \"r-xp\",0 | 3 | r-xp",
        "PAGES    | [0,1,\"Px\",1] -> [0,1,\"P\",1] | 2 | P #1",
        "PAGES    | [0,1,\"Px\",1] -> [0,1,\"Px\",2] | 2 | Px #2",
        "COUNTERS | \"Anonymous\":4},{} -> \"Anonymous\":8},{} | 3 | Anonymous=8",
        "COUNTERS | \"pt\":3 -> \"pt\":4 | 2 | 4",
        "CONTENTS | [0,2,\"0\"] -> [0,1,\"0\"] | 0 | 0x100000001000 0"
      })
  void aWrongExpectationIsFoundInItsLayerAlone(Layer layer, String change, int step, String told)
      throws Exception {
    String[] sides = change.split(" -> ", -1);
    String line = line(PLANTED);
    assertTrue(line.contains(sides[0]), "something to replace: " + change);
    VerifyReport report = verify(line.replace(sides[0], sides[1]));
    VerifyReport.LayerCount count = report.scenarios().get("access");
    assertEquals(1, report.failed());
    for (Layer each : Layer.values()) {
      assertEquals(each == layer ? 1 : 0, count.layer(each).failed(), each.label());
    }
    VerifyReport.Failure failure = report.failures().getFirst();
    assertEquals(PLANTED, failure.place().id());
    assertEquals(1, failure.answers().size());
    VerifyReport.Answer answer = failure.answers().getFirst();
    assertEquals(List.of("mmu classroom"), answer.engines());
    String place = step == 0 ? "at the end" : "step " + step + ": A ";
    assertTrue(answer.step().startsWith(place), answer.step());
    String both = answer.expected() + answer.got();
    assertTrue(both.contains(told), failure.toString());
  }

  @Test
  void whatTheRunsDisagreedAboutIsNotCompared() throws Exception {
    String line = line(PLANTED);
    assertEquals(1, verify(line.replace("\"err\":6", "\"err\":null")).passed());
    assertEquals(1, verify(line.replace("\"val\":\"0x0\"", "\"val\":null")).passed());
    assertEquals(1, verify(line.replace("\"pf\":[]", "\"pf\":null")).passed());
  }

  @Test
  void aMachineThatForgetsInvalidationsIsFound() throws Exception {
    CpuModel model = CpuModels.of("classroom");
    Set<String> groups = new TreeSet<>();
    int failed = 0;
    try (PhysicalMemory memory = ScenarioSetting.memory();
        LineReader in = new LineReader(PUBLIC)) {
      ScenarioRunner runner = new ScenarioRunner(new Forgetful(model, memory));
      while (in.next()) {
        try (Cursor cursor = in.cursor()) {
          Scenario scenario = ScenarioParser.parse(cursor);
          if (!runner.run(scenario).passed()) {
            failed++;
            groups.add(scenario.group());
          }
        }
      }
    }
    assertTrue(failed > 100, "found in " + failed);
    assertTrue(groups.containsAll(Set.of("munmap", "mprotect", "fork", "madvise")), groups + "");
    assertFalse(groups.contains("limit"), "not everything fails: " + groups);
    System.out.println("[pagewalk] forgotten invalidations: found by " + failed + " scenarios");
  }

  /** A machine that throws the kernel's tokens away. */
  private static final class Forgetful extends ScenarioMachine {
    Forgetful(CpuModel model, PhysicalMemory memory) {
      super(model, ModelPresets.SDM, memory);
    }

    @Override
    Machine machine(Kernel kernel) {
      return new Machine(kernel) {
        @Override
        public void spend() {
          kernel().owed().spent();
        }
      };
    }
  }

  private VerifyReport verify(String line) throws Exception {
    Path file = Files.writeString(folder.resolve("planted.jsonl"), line + "\n");
    Engines engines = Engines.of(false, List.of(CpuModels.of("classroom")));
    return new Verification(engines, ModelPresets.SDM, 10, bytes -> {}).run(List.of(file));
  }

  /** The line of the public scenario {@code name}. */
  private static String line(String name) throws Exception {
    List<String> found = new ArrayList<>();
    try (LineReader in = new LineReader(PUBLIC)) {
      while (in.next()) {
        if (in.text().startsWith("{\"name\":\"" + name + "\"")) {
          found.add(in.text());
        }
      }
    }
    assertEquals(1, found.size());
    return found.getFirst();
  }
}
