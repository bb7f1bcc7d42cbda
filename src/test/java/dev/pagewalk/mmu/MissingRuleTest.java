package dev.pagewalk.mmu;

import static dev.pagewalk.rights.RightsBit.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.ManualRules;
import dev.pagewalk.rights.MissingRows;
import dev.pagewalk.rights.RightsEnumeration;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The enumeration on TLB hits can fail: it finds every row that is missing from the rules. */
class MissingRuleTest {
  @Test
  void eachRuleOfRightsIsMissedOnATlbHitWhenItIsLeftOut() throws Exception {
    Way way = Way.FIRST_LEVEL_HIT;
    List<RightsEnumeration> enumerations =
        List.of(
            lastLevel(ModelPresets.SDM).through(way.path()).count(),
            lastLevel(ModelPresets.BOCHS_2_7).through(way.path()).count(),
            shadowStacks().through(way.path()).count());
    assertEquals(List.of(), MissingRows.unnoticed(ManualRules.complete().rights(), enumerations));
  }

  private static Scope lastLevel(ModelChoices choices) {
    return new Scope(choices, Level.PML4)
        .onlySettingsThatMatter()
        .permissive(Level.PML4)
        .permissive(Level.PDPT)
        .permissive(Level.PD);
  }

  private static Scope shadowStacks() {
    return new Scope(ModelPresets.SDM, Level.PML4)
        .onlySettingsThatMatter()
        .permissive(Level.PML4)
        .permissive(Level.PDPT)
        .holdSettings(mask(PKE, PKS), 0)
        .onShadowStacks();
  }
}
