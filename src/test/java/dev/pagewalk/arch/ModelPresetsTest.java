package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The named sets of model choices differ, and are found by their names. */
class ModelPresetsTest {
  @Test
  void onlyIntelsProcessorsAndItsManualAreTheSame() {
    assertEquals(ModelPresets.SDM, ModelPresets.INTEL);
    assertEquals(ModelPresets.all().size() - 1, new HashSet<>(ModelPresets.all().values()).size());
  }

  @Test
  void thePresetsAreThoseOfTheDesignWithTheManualFirst() {
    assertEquals(
        List.of("sdm", "intel", "amd", "bochs-2.7", "qemu-7.2"),
        List.copyOf(ModelPresets.all().keySet()));
  }

  @Test
  void aPresetIsFoundByItsExactNameOnly() {
    assertSame(ModelPresets.BOCHS_2_7, ModelPresets.of("bochs-2.7").orElseThrow());
    assertEquals(Optional.empty(), ModelPresets.of("bochs"));
    assertEquals(Optional.empty(), ModelPresets.of("SDM"));
  }

  @Test
  void theListCannotBeChanged() {
    assertThrows(
        UnsupportedOperationException.class,
        () -> ModelPresets.all().put("mine", ModelPresets.SDM));
  }

  @ParameterizedTest
  @EnumSource(AccessedOnFault.class)
  void oneChoiceIsReplacedAndAllOthersKept(AccessedOnFault other) {
    ModelChoices changed = ModelPresets.QEMU_7_2.with(other);
    assertEquals(other, changed.accessedOnFault());
    assertEquals(ModelPresets.QEMU_7_2, changed.with(ModelPresets.QEMU_7_2.accessedOnFault()));
  }
}
