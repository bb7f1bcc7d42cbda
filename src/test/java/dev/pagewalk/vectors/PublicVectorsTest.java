package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.CpuModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reference walk, and an MMU of each model of processor, answer as what was observed. */
class PublicVectorsTest {
  private static final Path VECTORS = Path.of("test-vectors");

  @Test
  void everyVectorAndEveryLineOfTheImageIsAnsweredAsObserved() throws Exception {
    List<CpuModel> models = new ArrayList<>();
    for (String name : CpuModels.names()) {
      models.add(CpuModels.of(name));
    }
    VerifyReport report =
        verify(Engines.of(true, models), VECTORS.resolve("walk"), VECTORS.resolve("images"));
    assertEquals(List.of(), report.failures());
    assertEquals(0, report.failed());
    assertTrue(report.groups().get("rights").passed() >= 4200, "vectors were run");
    assertEquals(10_450 + 10_279, report.groups().get("image: pages").passed());
    assertEquals(2_175 + 898, report.groups().get("image: translations").passed());
    assertEquals(961, report.groups().get("image: accesses").passed());
    assertEquals(294 + 291, report.groups().get("image: effective rights").passed());
    assertEquals(127, tlb(report), "hand-written vectors of TLB behaviour");
    System.out.println(
        "[pagewalk] observed: "
            + report.passed()
            + " answers equal, of each of "
            + String.join(", ", report.engines()));
  }

  @Test
  void thePresetOfAnEmulatorReproducesItsOwnSideOfEveryDisagreement() throws Exception {
    VerifyReport report = verify(Engines.spec(), VECTORS.resolve("walk/differs.jsonl.gz"));
    Map<String, String> own = Map.of("qemu-7.2", "qemu-7.2.22-tcg", "bochs-2.7", "bochs-2.7");
    own.forEach((preset, source) -> {
      VerifyReport.Count count = report.evidence().get(preset).get(source);
      assertEquals(0, count.failed(), preset);
      assertTrue(count.passed() > 1000, preset);
    });
  }

  private static long tlb(VerifyReport report) {
    return report.groups().entrySet().stream()
        .filter(group -> group.getKey().startsWith("tlb-"))
        .mapToLong(group -> group.getValue().passed())
        .sum();
  }

  private static VerifyReport verify(Engines engines, Path... paths) throws Exception {
    return new Verification(engines, ModelPresets.SDM, 10, bytes -> {}).run(List.of(paths));
  }
}
