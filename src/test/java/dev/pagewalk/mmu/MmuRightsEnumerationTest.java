package dev.pagewalk.mmu;

import static dev.pagewalk.rights.RightsBit.*;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.rights.RightsEnumeration.Scope;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
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
    if (TestSize.get() != TestSize.FULL && !way.isMain()) {
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
      if (!way.isMain() && TestSize.get() != TestSize.FULL) {
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
