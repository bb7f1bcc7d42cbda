package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.CpuModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The kernel does at every step of every public scenario what Linux did, on cores of each model.
 */
class PublicScenariosTest {
  private static final Path SCENARIOS = Path.of("test-vectors", "linux-mm");

  @Test
  void everyScenarioIsAsObservedInEveryLayer() throws Exception {
    List<CpuModel> models = new ArrayList<>();
    for (String name : CpuModels.names()) {
      models.add(CpuModels.of(name));
    }
    VerifyReport report =
        new Verification(Engines.of(false, models), ModelPresets.SDM, 10, bytes -> {})
            .run(List.of(SCENARIOS));
    assertEquals(List.of(), report.failures());
    assertEquals(418 + 1389, report.scenarioTotal().all().passed());
    for (Layer layer : Layer.values()) {
      if (layer != Layer.COUNTERS) {
        assertEquals(0, report.scenarioTotal().layer(layer).failed(), layer.label());
      }
    }
    assertEquals(
        report.writtenBack().size(), report.scenarioTotal().layer(Layer.COUNTERS).failed());
    System.out.println(
        "[pagewalk] scenarios: "
            + report.passed()
            + " as Linux did them, on cores of each of "
            + String.join(", ", report.engines())
            + "; counters differ by write-back in "
            + report.writtenBack().size());
  }
}
