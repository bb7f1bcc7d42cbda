package dev.pagewalk.spec;

import static dev.pagewalk.rights.RightsBit.*;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import org.junit.jupiter.api.Test;

/** Every legal combination of the permission-relevant bits of a 5-level walk obeys the manual. */
class FiveLevelRightsEnumerationTest {
  @Test
  void everyLegalCombinationOfFiveLevelsIsAsTheManualSays() throws Exception {
    Scope scope = new Scope(ModelPresets.SDM, Level.PML5).onlySettingsThatMatter();
    if (TestSize.get() != TestSize.FULL) {
      // How rights combine over the levels has nothing to do with keys.
      scope.holdSettings(mask(PKE, PKS), 0);
    }
    scope.count().verify("rights enumeration, 5 levels");
  }

  @Test
  void protectionKeysActOnFiveLevelsToo() throws Exception {
    new Scope(ModelPresets.SDM, Level.PML5)
        .onlySettingsThatMatter()
        .permissive(Level.PML4)
        .permissive(Level.PD)
        .permissive(Level.PT)
        .count()
        .verify("rights enumeration, 5 levels with keys");
  }
}
