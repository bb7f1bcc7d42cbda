package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import dev.pagewalk.physmem.PhysicalMemory;

/** The tables as a walk reads them under given registers. */
final class TableReader {
  private final PhysicalMemory memory;
  private final Layout layout;
  private final Registers registers;
  private final ReservedBits reserved;

  TableReader(Scenario scenario, PhysicalMemory memory, Registers registers) {
    this.memory = memory;
    this.layout = scenario.layout();
    this.registers = registers;
    this.reserved = new ReservedBits(scenario.cpu(), registers);
  }

  Layout layout() {
    return layout;
  }

  Registers registers() {
    return registers;
  }

  /** The level of the root table. */
  Level rootLevel() {
    return Level.root(registers.la57());
  }

  /** The entry at {@code index} of {@code table}. */
  long entry(long table, int index) {
    return memory.read64(table + 8L * index);
  }

  /** Whether a walk goes through {@code entry}: P is 1 and no reserved bit is. */
  boolean isUsable(long entry, Level level) {
    return isUsable(reserved, entry, level);
  }

  /** The same under other registers. */
  static boolean isUsable(ReservedBits reserved, long entry, Level level) {
    return Entry.has(entry, Entry.P) && (entry & reserved.mask(EntryKind.of(entry, level))) == 0;
  }

  /** Whether {@code entry} maps a page if it stands at {@code level}. */
  static boolean isLeaf(long entry, Level level) {
    return EntryKind.of(entry, level).isLeaf();
  }

  /** Whether a page that {@code leaf} maps is global. */
  boolean isGlobal(long leaf) {
    return Entry.has(leaf, Entry.G) && isPge(registers);
  }

  /** CR4.PGE. */
  static boolean isPge(Registers registers) {
    return (registers.cr4() & Cr4.PGE) != 0;
  }

  /** The current PCID. */
  static int pcid(Registers registers) {
    return registers.pcide() ? (int) (registers.cr3() & Cr3.PCID) : 0;
  }

  /** Whether {@code table} lies in a hole, where every entry is all ones. */
  boolean isHole(long table) {
    return memory.isHole(table);
  }

  /** The canonical address with these low bits. */
  long canonical(long bits) {
    return LinearAddress.signExtend(bits, registers.linearWidth());
  }
}
