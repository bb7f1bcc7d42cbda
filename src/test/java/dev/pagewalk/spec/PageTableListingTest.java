package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The listing of a set of tables has every page that a walk would reach, in order. */
class PageTableListingTest {
  private static final Rights OPEN = new Rights(true, true, true, false);
  private static final long P_RW_US = PageTables.OPEN;

  private final List<Leaf> leaves = new ArrayList<>();

  @Test
  void pagesOfAllSizesComeInTheOrderOfTheirAddresses() {
    try (PageTables tables = PageTables.fourLevel()) {
      tables.map(-4096, Level.PT, 0x7000 | P_RW_US);
      tables.map(0x4000_0000L, Level.PDPT, 0x8000_0000L | Entry.PS | P_RW_US);
      tables.map(0x20_0000, Level.PD, 0x60_0000 | Entry.PS | P_RW_US);
      tables.map(0x3000, Level.PT, 0x5000 | P_RW_US);
      tables.map(0x1ff000, Level.PT, 0x6000 | P_RW_US);
      run(tables.memory, tables.registers());
      assertEquals(
          List.of(
              new Leaf(0x3000, 0x5000, Level.PT, 0x5000 | P_RW_US, OPEN),
              new Leaf(0x1ff000, 0x6000, Level.PT, 0x6000 | P_RW_US, OPEN),
              new Leaf(0x20_0000, 0x60_0000, Level.PD, 0x60_0000 | Entry.PS | P_RW_US, OPEN),
              new Leaf(
                  0x4000_0000L, 0x8000_0000L, Level.PDPT, 0x8000_0000L | Entry.PS | P_RW_US, OPEN),
              new Leaf(-4096, 0x7000, Level.PT, 0x7000 | P_RW_US, OPEN)),
          leaves);
      assertEquals(
          List.of(4096L, 4096L, 2L << 20, 1L << 30, 4096L),
          leaves.stream().map(Leaf::pageBytes).toList());
    }
  }

  @Test
  void fiveLevelsAreListedFromTheirRoot() {
    try (PageTables tables = PageTables.fiveLevel()) {
      tables.map(1L << 55, Level.PT, 0x5000 | P_RW_US);
      tables.map(-1L << 56, Level.PT, 0x6000 | P_RW_US);
      run(tables.memory, tables.registers());
      assertEquals(List.of(1L << 55, -1L << 56), leaves.stream().map(Leaf::linearAddress).toList());
    }
  }

  @Test
  void rightsAreThoseOfAllEntriesTogether() {
    try (PageTables tables = PageTables.withPage(0x3000, 0x5000)) {
      tables.write(0x3000, Level.PML4, tables.read(0x3000, Level.PML4) & ~Entry.US);
      tables.write(0x3000, Level.PDPT, tables.read(0x3000, Level.PDPT) | Entry.XD);
      tables.write(0x3000, Level.PT, 0x5000 | Entry.P | Entry.US);
      run(tables.memory, tables.registers());
      assertEquals(new Rights(false, false, true, true), leaves.getFirst().rights());
    }
  }

  @Test
  void whatGivesNoTranslationIsPassedOverAndCountedIfItIsOdd() {
    try (PageTables tables = PageTables.withPage(0x3000, 0x5000)) {
      tables.map(0x4000, Level.PT, 0x6000);
      tables.map(0x5000, Level.PT, 0x6000 | P_RW_US | 1L << 50);
      tables.map(0x6000, Level.PT, 0x6000 | P_RW_US | 1L << 51);
      PageTableListing listing = run(tables.memory, tables.registers());
      assertEquals(1, leaves.size());
      assertEquals(2, listing.reservedEntries());
      assertEquals(0, listing.missingTables());
    }
  }

  @Test
  void tablesWhereNoMemoryIsAreCounted() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(1L << 20)) {
      memory.write64(0x1000, 0x8000_0000L | P_RW_US);
      memory.write64(0x1008, 0x8000_1000L | P_RW_US);
      PageTableListing listing = run(memory, Registers.longMode(0x1000));
      assertEquals(List.of(), leaves);
      assertEquals(2, listing.missingTables());
      assertEquals(0, listing.reservedEntries());
    }
  }

  @Test
  void thereIsNothingToListWithoutPaging() {
    try (PageTables tables = PageTables.fourLevel()) {
      Registers off = tables.registers();
      Registers registers = off.withCr0(off.cr0() & ~Cr0.PG);
      assertThrows(IllegalArgumentException.class, () -> run(tables.memory, registers));
      assertThrows(
          IllegalArgumentException.class,
          () -> new ReferenceWalk(tables.memory, PageTables.CPU, registers));
    }
  }

  private PageTableListing run(PhysicalMemory memory, Registers registers) {
    PageTableListing listing = new PageTableListing(memory, PageTables.CPU, registers, leaves::add);
    listing.run();
    return listing;
  }
}
