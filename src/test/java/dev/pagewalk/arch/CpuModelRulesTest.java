package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.ModelChoices.LargePages;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model of a processor that cannot be is refused, in the words that its file has. */
class CpuModelRulesTest {
  private static final CacheGeometry SHAPE = new CacheGeometry(1, 4, Replacement.LRU);
  private static final TlbGeometry ALL = tlb("all", EnumSet.allOf(Port.class), PageSize.SIZE_4K);

  @ParameterizedTest
  @CsvSource({"FETCH, fetch", "LOAD, load", "STORE, store"})
  void eachPortHasAFirstLevelTlbForPagesOf4KiB(Port port, String word) {
    Set<Port> others = EnumSet.complementOf(EnumSet.of(port));
    List<TlbGeometry> first =
        others.stream().map(other -> tlb("L1 " + other, Set.of(other), PageSize.SIZE_4K)).toList();
    assertEquals("no first-level TLB holds 4K for " + word, refusal(first, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "SIZE_4K, STORE, 4K for store",
    "SIZE_2M, LOAD, 2M for load",
    "SIZE_1G, FETCH, 1G for fetch"
  })
  void aSizeOfPageIsHeldOnceForAPort(PageSize size, Port port, String words) {
    TlbGeometry one = tlb("one", Set.of(port), size);
    TlbGeometry two = tlb("two", EnumSet.allOf(Port.class), size);
    String told = "two: another TLB of its level holds " + words;
    assertEquals(told, refusal(List.of(ALL), List.of(one, two)));
  }

  private static TlbGeometry tlb(String name, Set<Port> ports, PageSize size) {
    return new TlbGeometry(name, ports, Set.of(size), SHAPE);
  }

  private static String refusal(List<TlbGeometry> first, List<TlbGeometry> second) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new CpuModel("m", first, second, Map.of(), LargePages.WHOLE, 1))
        .getMessage();
  }
}
