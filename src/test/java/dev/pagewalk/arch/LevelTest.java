package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Levels of paging structures, and what each translates. */
class LevelTest {
  /** SDM 3A "Linear-Address Translation to a 4-KByte Page Using 5-Level Paging". */
  @ParameterizedTest
  @CsvSource({
    "PML5, 48, PML5E",
    "PML4, 39, PML4E",
    "PDPT, 30, PDPTE",
    "PD, 21, PDE",
    "PT, 12, PTE"
  })
  void aLevelTranslatesNineBitsOfTheLinearAddress(Level level, int lowest, String entry) {
    assertEquals(lowest, level.shift());
    assertEquals(1L << lowest, level.span());
    assertEquals(entry, level.entryName());
    assertEquals(0x155, level.index(0x155L << lowest));
    assertEquals(0x155, level.index(0x155L << lowest | ~(0x1ffL << lowest)));
    assertEquals(0, level.index(~(0x1ffL << lowest)));
  }

  @Test
  void aWalkGoesDownFromTheRootToThePageTable() {
    assertEquals(Level.PML5, Level.root(true));
    assertEquals(Level.PML4, Level.root(false));
    List<Level> way = Stream.iterate(Level.root(true), Level::next).limit(5).toList();
    assertEquals(List.of(Level.PML5, Level.PML4, Level.PDPT, Level.PD, Level.PT), way);
    assertThrows(IllegalStateException.class, Level.PT::next);
  }

  @ParameterizedTest
  @CsvSource({"SIZE_4K, PT, 12, 4 KiB", "SIZE_2M, PD, 21, 2 MiB", "SIZE_1G, PDPT, 30, 1 GiB"})
  void pagesOfThreeSizesAreMappedAtTheThreeLowestLevels(
      PageSize size, Level level, int shift, String words) {
    assertEquals(level, size.level());
    assertEquals(shift, size.shift());
    assertEquals(1L << shift, size.bytes());
    assertEquals(words, size.inWords());
  }

  @ParameterizedTest
  @CsvSource({
    "PML5E, PML5, false, PML5E",
    "PML4E, PML4, false, PML4E",
    "PDPTE_TABLE, PDPT, false, PDPTE (table)",
    "PDPTE_1G, PDPT, true, PDPTE (1 GiB page)",
    "PDE_TABLE, PD, false, PDE (table)",
    "PDE_2M, PD, true, PDE (2 MiB page)",
    "PTE, PT, true, PTE"
  })
  void anEntryStandsAtOneLevelAndMapsAPageOrReferencesATable(
      EntryKind kind, Level level, boolean leaf, String title) {
    assertEquals(level, kind.level());
    assertEquals(leaf, kind.isLeaf());
    assertEquals(title, kind.title());
    assertEquals(leaf, kind.table().contains("that Maps a"), kind.table());
    assertEquals(!leaf, kind.table().contains("that References a"), kind.table());
  }

  @Test
  void anEntryHoldsTheAddressOfItsTableOrPageBetweenItsFlags() {
    long table = 0x000a_bcde_f012_3000L;
    assertEquals(table, Entry.table(table | ~Entry.ADDRESS));
    assertEquals(table, Entry.page(table | ~Entry.ADDRESS, Level.PT));
    assertEquals(0x000a_bcde_f000_0000L, Entry.page(table | ~Entry.ADDRESS, Level.PD));
    assertEquals(0x000a_bcde_c000_0000L, Entry.page(table | ~Entry.ADDRESS, Level.PDPT));
  }

  @Test
  void aPhysicalAddressHasAtMost52Bits() {
    assertEquals(true, PhysicalAddress.isValid(0));
    assertEquals(true, PhysicalAddress.isValid((1L << 52) - 1));
    assertEquals(false, PhysicalAddress.isValid(1L << 52));
    assertEquals(false, PhysicalAddress.isValid(-1));
  }
}
