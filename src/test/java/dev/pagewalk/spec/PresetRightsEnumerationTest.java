package dev.pagewalk.spec;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Under each preset the walk departs from the manual's first reading as the preset's choices say.
 */
class PresetRightsEnumerationTest {
  @ParameterizedTest
  @ValueSource(strings = {"sdm", "intel", "amd", "bochs-2.7", "qemu-7.2"})
  void rightsErrorCodesAndMarksFollowThePresetsChoices(String preset) throws Exception {
    Scope scope =
        new Scope(ModelPresets.of(preset).orElseThrow(), Level.PML4).onlySettingsThatMatter();
    if (TestSize.get() != TestSize.FULL) {
      scope.permissive(Level.PML4);
    }
    scope.count().verify("rights enumeration, preset " + preset);
  }
}
