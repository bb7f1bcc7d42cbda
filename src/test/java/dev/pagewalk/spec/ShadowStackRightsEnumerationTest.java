package dev.pagewalk.spec;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shadow-stack accesses reach shadow-stack pages of their own mode, and nothing else. */
class ShadowStackRightsEnumerationTest {
  @ParameterizedTest
  @ValueSource(strings = {"sdm", "intel", "amd", "bochs-2.7", "qemu-7.2"})
  void everyLegalShadowStackAccessIsAsTheManualSays(String preset) throws Exception {
    Scope scope =
        new Scope(ModelPresets.of(preset).orElseThrow(), Level.PML4)
            .onShadowStacks()
            .onlySettingsThatMatter();
    boolean whole = preset.equals("sdm") || TestSize.get() == TestSize.FULL;
    if (!whole) {
      scope.permissive(Level.PML4).permissive(Level.PDPT);
    }
    scope.count().verify("shadow-stack enumeration, preset " + preset);
  }
}
