package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.spec.RightsEnumeration.Report;
import dev.pagewalk.spec.RightsEnumeration.Scope;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every legal combination of permission-relevant bits of a 4-level walk obeys the manual. */
class RightsEnumerationTest {
  @Test
  void everyLegalCombinationOfAFourLevelWalkIsAsTheManualSays() throws Exception {
    Scope scope = new Scope(ModelPresets.SDM, Level.PML4);
    if (TestSize.get() == TestSize.DEFAULT) {
      scope.onlySettingsThatMatter();
    }
    RightsEnumeration enumeration = scope.count();
    Report report = enumeration.run(ManualRules.complete(), 2);
    System.out.println(report.line("rights enumeration"));
    System.out.print(enumeration.account());
    assertEquals(Optional.empty(), report.mismatch());
    assertEquals(enumeration.size(), report.walks());
  }
}
