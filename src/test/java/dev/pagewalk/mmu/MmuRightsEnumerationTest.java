package dev.pagewalk.mmu;

import static dev.pagewalk.rights.RightsBit.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.ManualRules;
import dev.pagewalk.rights.RightsEnumeration;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On every way through the MMU, every legal combination is decided as the manual's rules say.
 *
 * <p>In every build some levels allow everything, others from test to test: {@code spec}'s own
 * enumerations combine all levels, and what is asked here is what becomes of the combined rights on
 * the ways that do not read the entries.
 */
class MmuRightsEnumerationTest {
  private static final AtomicLong ACCESSES = new AtomicLong();
  private static final long START = System.nanoTime();

  @AfterAll
  static void tell() {
    System.out.printf(
        "[pagewalk] MMU rights enumeration: %,d accesses on %d ways in %.1f s%n",
        ACCESSES.get(), Way.values().length, (System.nanoTime() - START) / 1e9);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void everyLegalCombinationIsAsTheManualSays(Way way) throws Exception {
    Scope scope = new Scope(ModelPresets.SDM, Level.PML4).onlySettingsThatMatter();
    boolean whole = TestSize.get() == TestSize.FULL && way.isMain();
    verify(way, whole ? scope : lastLevel(scope));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void pagesOfEverySizeHaveTheRightsOfAllTheirEntries(Way way) throws Exception {
    Scope scope = withoutKeys(ModelPresets.SDM).permissive(Level.PML4);
    boolean whole = TestSize.get() == TestSize.FULL || way == Way.WALK;
    verify(way, whole ? scope : scope.permissive(Level.PDPT));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void shadowStackAccessesToo(Way way) throws Exception {
    verify(way, lastLevel(withKeys(ModelPresets.SDM)).onShadowStacks());
    Scope scope = withoutKeys(ModelPresets.SDM).permissive(Level.PML4).permissive(Level.PDPT);
    verify(way, scope.onShadowStacks());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void bitsSetBeforehandStaySetAndChangeNoVerdict(Way way) throws Exception {
    Scope scope = withoutKeys(ModelPresets.SDM).permissive(Level.PML4).permissive(Level.PD);
    if (TestSize.get() == TestSize.DEFAULT && !way.isMain()) {
      scope.permissive(Level.PDPT);
    }
    verify(way, scope.alsoCounting(ALL_A, LEAF_D));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void protectionKeyZeroIsAKeyLikeOthers(Way way) throws Exception {
    verify(way, lastLevel(withKeys(ModelPresets.SDM)).withKey(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd", "bochs-2.7", "qemu-7.2"})
  void thePresetsChoicesActOnEveryWay(String preset) throws Exception {
    ModelChoices choices = ModelPresets.of(preset).orElseThrow();
    for (Way way : Way.values()) {
      if (!way.isMain() && TestSize.get() == TestSize.DEFAULT) {
        continue;
      }
      verify(way, lastLevel(withKeys(choices)));
      Scope scope = withoutKeys(choices).permissive(Level.PML4).permissive(Level.PD);
      verify(way, scope.alsoCounting(LEAF_D));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void fiveLevelsToo(Way way) throws Exception {
    Scope scope = new Scope(ModelPresets.SDM, Level.PML5).onlySettingsThatMatter();
    scope.permissive(Level.PDPT).permissive(Level.PT).holdSettings(mask(PKE, PKS), 0);
    verify(way, scope);
  }

  @Test
  void eachRuleOfRightsIsMissedOnATlbHitWhenItIsLeftOut() throws Exception {
    Way way = Way.FIRST_LEVEL_HIT;
    List<RightsEnumeration> enumerations =
        List.of(
            lastLevel(withKeys(ModelPresets.SDM)).through(way.path()).count(),
            lastLevel(withKeys(ModelPresets.BOCHS_2_7)).through(way.path()).count(),
            withoutKeys(ModelPresets.SDM).onShadowStacks().through(way.path()).count());
    ManualRules complete = ManualRules.complete();
    List<String> survivors = new ArrayList<>();
    for (ManualRules.Row row : complete.rights()) {
      boolean found = false;
      for (RightsEnumeration enumeration : enumerations) {
        found = found || enumeration.run(complete.without(row), 1).mismatch().isPresent();
      }
      if (!found) {
        survivors.add(row.sentence());
      }
    }
    assertEquals(List.of(), survivors);
  }

  private static void verify(Way way, Scope scope) throws Exception {
    ACCESSES.addAndGet(scope.through(way.path()).count().verify().walks());
  }

  private static Scope withKeys(ModelChoices choices) {
    return new Scope(choices, Level.PML4).onlySettingsThatMatter();
  }

  /** How rights combine over the levels, and A and D, have nothing to do with keys. */
  private static Scope withoutKeys(ModelChoices choices) {
    return withKeys(choices).holdSettings(mask(PKE, PKS), 0);
  }

  /** Only the entry of a 4 KiB page restricts anything. */
  private static Scope lastLevel(Scope scope) {
    return scope.permissive(Level.PML4).permissive(Level.PDPT).permissive(Level.PD);
  }
}
