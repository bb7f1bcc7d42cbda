package dev.pagewalk.spec;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;

/** Page tables for tests, in a memory of their own; tables on the way allow everything. */
final class PageTables implements AutoCloseable {
  /** An entry that allows everything, but for its address. */
  static final long OPEN = Entry.P | Entry.RW | Entry.US;

  /** A processor with every feature and 46 bits of physical address, to the manual's letter. */
  static final Cpu CPU = Cpu.withEverything(46, ModelPresets.SDM);

  final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final Level root;
  private final long rootTable;
  private long nextTable = 0x10_0000;

  PageTables(Level root) {
    this.root = root;
    this.rootTable = newTable();
  }

  /** Tables for 4-level paging. */
  static PageTables fourLevel() {
    return new PageTables(Level.PML4);
  }

  /** Tables for 5-level paging. */
  static PageTables fiveLevel() {
    return new PageTables(Level.PML5);
  }

  /** Tables of four levels with an open page of 4 KiB at {@code pa}. */
  static PageTables withPage(long va, long pa) {
    PageTables tables = fourLevel();
    tables.map(va, Level.PT, pa | OPEN);
    return tables;
  }

  /** Registers that put these tables to use: WP and NXE on, everything else off. */
  Registers registers() {
    Registers registers = Registers.longMode(rootTable);
    return root == Level.PML5 ? registers.withCr4(Cr4.PAE | Cr4.LA57) : registers;
  }

  /** Makes {@code entry} the last entry of {@code va}, at {@code level}, and tables down to it. */
  void map(long va, Level level, long entry) {
    long table = rootTable;
    for (Level at = root; at != level; at = at.next()) {
      long address = table + 8L * at.index(va);
      if (!Entry.has(memory.read64(address), Entry.P)) {
        memory.write64(address, newTable() | OPEN);
      }
      table = Entry.table(memory.read64(address));
    }
    memory.write64(table + 8L * level.index(va), entry);
  }

  /** Where the entry of {@code va} at {@code level} stands. */
  long addressOf(long va, Level level) {
    long table = rootTable;
    for (Level at = root; at != level; at = at.next()) {
      table = Entry.table(memory.read64(table + 8L * at.index(va)));
    }
    return table + 8L * level.index(va);
  }

  long read(long va, Level level) {
    return memory.read64(addressOf(va, level));
  }

  void write(long va, Level level, long entry) {
    memory.write64(addressOf(va, level), entry);
  }

  /** What comes of a supervisor-mode access at {@code va} under the plain registers. */
  Outcome supervisor(AccessKind kind, long va) {
    return new ReferenceWalk(memory, CPU, registers())
        .access(Access.of(va, kind, Mode.SUPERVISOR))
        .outcome();
  }

  long rootTable() {
    return rootTable;
  }

  @Override
  public void close() {
    memory.close();
  }

  private long newTable() {
    nextTable += Level.TABLE_BYTES;
    return nextTable;
  }
}
