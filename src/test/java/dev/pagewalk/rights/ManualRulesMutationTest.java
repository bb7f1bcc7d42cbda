package dev.pagewalk.rights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.ManualRules.Row;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The enumerations can fail: a small one finds every row that is missing from the rules. */
class ManualRulesMutationTest {
  @Test
  void aMissingRowIsFound() throws Exception {
    List<RightsEnumeration> enumerations =
        List.of(
            small(ModelPresets.QEMU_7_2).count(),
            small(ModelPresets.BOCHS_2_7).count(),
            small(ModelPresets.INTEL).count(),
            small(ModelPresets.SDM).onShadowStacks().count());
    ManualRules complete = ManualRules.complete();
    assertEquals(List.of(), MissingRows.unnoticed(complete.allRows(), enumerations));
    System.out.printf(
        "[pagewalk] rules of the manual: %d rows, each missed when it is left out%n",
        complete.allRows().size());
  }

  @Test
  void noRowStandsTwice() {
    List<Row> rows = ManualRules.complete().allRows();
    assertEquals(rows.size(), new HashSet<>(rows).size());
    for (Row row : rows) {
      assertEquals(
          rows.size() - 1, ManualRules.complete().without(row).allRows().size(), row.sentence());
    }
  }

  @Test
  void aMismatchNamesEveryBitAndBothAnswers() throws Exception {
    ManualRules complete = ManualRules.complete();
    ManualRules mutant = complete.without(complete.rights().getFirst());
    String mismatch = small(ModelPresets.SDM).count().run(mutant, 1).mismatch().orElseThrow();
    assertTrue(mismatch.contains("SMAP=1"), mismatch);
    assertTrue(mismatch.contains("PML4E_US=1"), mismatch);
    assertTrue(mismatch.contains("they expect 0x"), mismatch);
    assertTrue(mismatch.contains("the walk says PageFault"), mismatch);
  }

  private static Scope small(ModelChoices choices) {
    return new Scope(choices, Level.PML4)
        .onlySettingsThatMatter()
        .permissive(Level.PD)
        .permissive(Level.PT);
  }
}
