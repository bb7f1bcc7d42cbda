package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.ModelChoices.LargePages;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Structures that no model of a processor can have are refused, and those next to them not. */
class WrongModelTest {
  private static final Set<Port> ALL = Set.of(Port.FETCH, Port.LOAD, Port.STORE);
  private static final Set<Port> DATA = Set.of(Port.LOAD, Port.STORE);
  private static final Set<Port> CODE = Set.of(Port.FETCH);
  private static final Set<PageSize> SMALL = Set.of(PageSize.SIZE_4K);
  private static final Set<PageSize> LARGE = Set.of(PageSize.SIZE_2M, PageSize.SIZE_1G);

  @ParameterizedTest
  @CsvSource({"1, 1", "4096, 1", "2048, 1", "1, 128", "4096, 128", "64, 12"})
  void setsAreAPowerOfTwoAndWaysAnyNumber(int sets, int ways) {
    CacheGeometry shape = new CacheGeometry(sets, ways, Replacement.LRU);
    assertEquals(sets * ways, shape.entries());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-4, 1", "-2147483648, 1", "3, 1", "8192, 1", "1, 0", "1, 129", "1, -1"})
  void otherShapesAreRefused(int sets, int ways) {
    assertThrows(
        IllegalArgumentException.class, () -> new CacheGeometry(sets, ways, Replacement.LRU));
  }

  @Test
  void aTlbServesAPortAndHoldsASizeOfPage() {
    CacheGeometry shape = new CacheGeometry(1, 1, Replacement.LRU);
    assertThrows(
        IllegalArgumentException.class, () -> new TlbGeometry("T", Set.of(), SMALL, shape));
    assertThrows(IllegalArgumentException.class, () -> new TlbGeometry("T", ALL, Set.of(), shape));
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aPteReferencesNoTableAndHasNoPagingStructureCache(Level level) {
    Map<Level, CacheGeometry> caches =
        Map.of(level, new CacheGeometry(2, 2, Replacement.TREE_PLRU));
    List<TlbGeometry> first = List.of(tlb("L1", ALL, SMALL, shape(1, 4)));
    if (level == Level.PT) {
      refused("a PTE", () -> model(first, List.of(), caches));
    } else {
      assertEquals(caches, model(first, List.of(), caches).pagingStructureCaches());
    }
  }

  @Test
  void noTwoTlbsHaveOneName() {
    refused(
        "another TLB has that name",
        () ->
            model(
                List.of(tlb("T", ALL, SMALL, shape(1, 4)), tlb("T", ALL, LARGE, shape(1, 4))),
                List.of()));
    refused(
        "another TLB has that name",
        () ->
            model(
                List.of(tlb("T", ALL, SMALL, shape(1, 4))),
                List.of(tlb("T", ALL, SMALL, shape(1, 4)))));
  }

  @Test
  void firstLevelTlbsHaveAtMost4000EntriesInAll() {
    TlbGeometry most = tlb("a", ALL, SMALL, shape(32, 124));
    TlbGeometry rest = tlb("b", ALL, LARGE, shape(32, 1));
    assertEquals(4000, CpuModel.MAX_FIRST_LEVEL);
    assertEquals(List.of(most, rest), model(List.of(most, rest), List.of()).firstLevel());
    TlbGeometry more = tlb("b", ALL, LARGE, shape(1, 33));
    refused("at most 4000", () -> model(List.of(most, more), List.of()));
  }

  @Test
  void secondLevelTlbsHaveAtMost65536EntriesInAll() {
    List<TlbGeometry> first = List.of(tlb("L1", ALL, SMALL, shape(1, 4)));
    TlbGeometry half = tlb("a", ALL, SMALL, shape(1024, 32));
    TlbGeometry rest = tlb("b", ALL, LARGE, shape(256, 128));
    assertEquals(65_536, CpuModel.MAX_SECOND_LEVEL);
    assertEquals(List.of(half, rest), model(first, List.of(half, rest)).secondLevel());
    TlbGeometry more = tlb("b", CODE, LARGE, shape(1, 1));
    TlbGeometry data = tlb("c", DATA, LARGE, shape(256, 128));
    refused("at most 65536", () -> model(first, List.of(half, more, data)));
  }

  @Test
  void atOneLevelEachPortFindsASizeOfPageInOneTlb() {
    TlbGeometry all = tlb("a", ALL, SMALL, shape(1, 4));
    TlbGeometry again = tlb("b", ALL, Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M), shape(1, 4));
    refused("b: another TLB of its level", () -> model(List.of(all, again), List.of()));
    TlbGeometry second = tlb("c", DATA, SMALL, shape(1, 4));
    TlbGeometry third = tlb("d", Set.of(Port.LOAD), SMALL, shape(1, 4));
    refused("d: another TLB of its level", () -> model(List.of(all), List.of(second, third)));
    TlbGeometry code = tlb("d", CODE, SMALL, shape(1, 4));
    assertEquals(2, model(List.of(all), List.of(second, code)).secondLevel().size());
  }

  @Test
  void eachPortHasAFirstLevelTlbForPagesOf4Kib() {
    refused("for fetch", () -> model(List.of(tlb("d", DATA, SMALL, shape(1, 4))), List.of()));
    refused(
        "no first-level TLB", () -> model(List.of(tlb("d", ALL, LARGE, shape(1, 4))), List.of()));
    refused(
        "for fetch",
        () ->
            model(
                List.of(tlb("d", DATA, SMALL, shape(1, 4)), tlb("i", CODE, LARGE, shape(1, 4))),
                List.of()));
    assertEquals(
        2,
        model(
                List.of(tlb("i", CODE, SMALL, shape(1, 4)), tlb("d", DATA, SMALL, shape(1, 4))),
                List.of())
            .firstLevel()
            .size());
  }

  @Test
  void portsShareAllFirstLevelTlbsOrNone() {
    TlbGeometry code = tlb("i", CODE, SMALL, shape(1, 4));
    TlbGeometry data = tlb("d", DATA, SMALL, shape(1, 4));
    refused(
        "share all first-level TLBs or none",
        () -> model(List.of(code, data, tlb("u", ALL, LARGE, shape(1, 4))), List.of()));
    List<TlbGeometry> legal = List.of(code, data, tlb("l", DATA, LARGE, shape(1, 4)));
    assertEquals(legal, model(legal, List.of()).firstLevel());
  }

  @Test
  void fetchesShareFirstLevelTlbsWithLoadsAndStoresOrWithNone() {
    TlbGeometry mixed = tlb("m", Set.of(Port.FETCH, Port.LOAD), SMALL, shape(1, 4));
    TlbGeometry stores = tlb("s", Set.of(Port.STORE), SMALL, shape(1, 4));
    refused("fetches share", () -> model(List.of(mixed, stores), List.of()));
  }

  private static TlbGeometry tlb(
      String name, Set<Port> ports, Set<PageSize> sizes, CacheGeometry shape) {
    return new TlbGeometry(name, ports, sizes, shape);
  }

  private static CacheGeometry shape(int sets, int ways) {
    return new CacheGeometry(sets, ways, Replacement.LRU);
  }

  private static CpuModel model(List<TlbGeometry> first, List<TlbGeometry> second) {
    return model(first, second, Map.of());
  }

  private static CpuModel model(
      List<TlbGeometry> first, List<TlbGeometry> second, Map<Level, CacheGeometry> caches) {
    return new CpuModel("mine", first, second, caches, LargePages.WHOLE, 1);
  }

  private static void refused(String says, Runnable what) {
    String message = assertThrows(IllegalArgumentException.class, what::run).getMessage();
    assertTrue(message.contains(says), message);
  }
}
