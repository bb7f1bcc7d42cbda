package dev.pagewalk.spec;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.RightsBit;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accessed and dirty bits that are 1 already stay 1 and decide about no ordinary access. */
class AccessedDirtyEnumerationTest {
  @ParameterizedTest
  @ValueSource(strings = {"sdm", "intel", "amd", "bochs-2.7", "qemu-7.2"})
  void bitsSetBeforehandStaySetAndChangeNoVerdict(String preset) throws Exception {
    new Scope(ModelPresets.of(preset).orElseThrow(), Level.PML4)
        .alsoCounting(RightsBit.ALL_A, RightsBit.LEAF_D)
        .onlySettingsThatMatter()
        .permissive(Level.PML4)
        .permissive(Level.PD)
        .count()
        .verify("accessed and dirty enumeration, preset " + preset);
  }
}
