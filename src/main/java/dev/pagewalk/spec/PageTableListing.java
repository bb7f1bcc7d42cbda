package dev.pagewalk.spec;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.function.Consumer;

/**
 * Lists every page that the tables below a root map, in the order of their linear addresses.
 *
 * <p>Entries that give no translation (P = 0, or a reserved bit set) are passed over. Nothing is
 * kept but the way down, so that tables of any size can be listed.
 */
public final class PageTableListing {
  private final PhysicalMemory memory;
  private final Registers registers;
  private final ReservedBits reserved;
  private final Consumer<Leaf> consumer;
  private long reservedEntries;
  private long missingTables;

  /**
   * A listing of the tables below {@code registers.root()}, handed to {@code consumer} leaf by
   * leaf.
   *
   * @throws IllegalArgumentException if the registers are not those of 4-level or 5-level paging
   */
  public PageTableListing(
      PhysicalMemory memory, Cpu cpu, Registers registers, Consumer<Leaf> consumer) {
    if (!registers.usesIa32ePaging()) {
      throw new IllegalArgumentException("CR0.PG, CR4.PAE and EFER.LMA are not all 1");
    }
    this.memory = memory;
    this.registers = registers;
    this.reserved = new ReservedBits(cpu, registers);
    this.consumer = consumer;
  }

  /** Lists everything once. */
  public void run() {
    list(registers.root(), Level.root(registers.la57()), 0, Rights.ALL);
  }

  /** Present entries that were passed over because a reserved bit is set in them. */
  public long reservedEntries() {
    return reservedEntries;
  }

  /** Tables that were passed over because no memory answers where they should be. */
  public long missingTables() {
    return missingTables;
  }

  private void list(long table, Level level, long base, Rights above) {
    if (memory.isHole(table)) {
      missingTables++;
      return;
    }
    for (int i = 0; i < Level.ENTRIES; i++) {
      long entry = memory.read64(table + (long) i * Long.BYTES);
      if (!Entry.has(entry, Entry.P)) {
        continue;
      }
      EntryKind kind = EntryKind.of(entry, level);
      if ((entry & reserved.mask(kind)) != 0) {
        reservedEntries++;
        continue;
      }
      long address = LinearAddress.signExtend(base + i * level.span(), registers.linearWidth());
      Rights rights = above.restrictedBy(entry, kind.isLeaf());
      if (kind.isLeaf()) {
        consumer.accept(new Leaf(address, Entry.page(entry, level), level, entry, rights));
      } else {
        list(Entry.table(entry), level.next(), address, rights);
      }
    }
  }
}
