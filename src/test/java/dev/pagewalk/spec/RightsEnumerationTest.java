package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.RightsEnumeration;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import org.junit.jupiter.api.Test;

/** Every legal combination of the permission-relevant bits of a 4-level walk obeys the manual. */
class RightsEnumerationTest {
  @Test
  void everyLegalCombinationOfFourLevelsIsAsTheManualSays() throws Exception {
    RightsEnumeration enumeration = new Scope(ModelPresets.SDM, Level.PML4).count();
    enumeration.verify("rights enumeration");
    System.out.print(enumeration.account());
  }

  @Test
  void theCounterKeepsAsManyWordsOfEntriesAsThereAreWaysToWalk() {
    RightsEnumeration enumeration = new Scope(ModelPresets.SDM, Level.PML4).count();
    // R/W, U/S and XD of each entry down to the last: one that is not present or, but for the
    // PML4E, maps a page.
    int withNxe = 8 + 64 * 2 + 512 * 2 + 4096 * 2;
    // XD is 0 in all entries but the last: not present (8), XD reserved (4, with PS or without), or
    // a page (4).
    int withoutNxe = (8 + 4) + 4 * (8 + 4 * 2 + 4) + 16 * (8 + 4 * 2 + 4) + 64 * (8 + 4 + 4);
    assertEquals(withNxe, enumeration.entries().withNxe(true).size());
    assertEquals(withoutNxe, enumeration.entries().withNxe(false).size());
  }

  @Test
  void theCounterKeepsAsManySettingsAsMatter() {
    Scope scope = new Scope(ModelPresets.SDM, Level.PML4);
    int everySetting = (1 << 11) * (3 + 3 + 2);
    assertEquals(everySetting, scope.count().settings().legal().size());
    // WP, NXE, SMEP; each key register off or on with four rights; then user-mode accesses of three
    // kinds with SMAP off and on, explicit ones with AC too, fetches, and implicit ones.
    int thatMatter = 8 * 5 * 5 * (3 * 2 + 2 * 3 + 2 + 2 * 2);
    assertEquals(thatMatter, scope.onlySettingsThatMatter().count().settings().legal().size());
  }

  @Test
  void everyWordIsEitherKeptOrDroppedForAReason() {
    RightsEnumeration enumeration = new Scope(ModelPresets.SDM, Level.PML4).count();
    assertEquals(1L << 19, enumeration.entries().counted());
    assertEquals(1L << 15, enumeration.settings().counted());
  }
}
