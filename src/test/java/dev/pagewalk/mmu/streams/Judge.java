package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import java.util.List;

/**
 * Decides an access by a chain of entries that need not be in memory together, or at all.
 *
 * <p>The entries are put into a memory of the judge's own, one table a level, and the reference
 * walks them: so rights are decided by the registers of now, as they must be.
 */
final class Judge implements AutoCloseable {
  private final PhysicalMemory memory = PhysicalMemory.ofSize(8L * Level.TABLE_BYTES);
  private final long[] words = new long[Level.values().length];
  private final long[] bits = new long[Level.values().length];

  /**
   * The outcome of {@code access} if {@code chain} are the entries on its way.
   *
   * @param chain from the root down to an entry that maps a page or stops the walk; only the last
   *     may do so
   */
  Outcome decide(Cpu cpu, Registers registers, Access access, Chain chain) {
    Level root = Level.root(registers.la57());
    long linearAddress = chain.linearAddress();
    List<Long> entries = chain.entries();
    Level level = root;
    for (int i = 0; i < entries.size(); i++) {
      long entry = entries.get(i);
      if (i < entries.size() - 1) {
        entry = (entry & ~Entry.ADDRESS) | table(level.next());
      }
      words[i] = table(level) + 8L * level.index(linearAddress);
      bits[i] = entry;
      memory.write64(words[i], entry);
      level = level == Level.PT ? level : level.next();
    }
    long cr3 = (registers.cr3() & ~Entry.ADDRESS) | table(root);
    Outcome outcome =
        new ReferenceWalk(memory, cpu, registers.withCr3(cr3)).access(access).outcome();
    for (int i = 0; i < entries.size(); i++) {
      bits[i] ^= memory.read64(words[i]);
      memory.write64(words[i], 0);
    }
    return outcome;
  }

  /** The bits that the walk of the last decision has set in the {@code i}th entry. */
  long marks(int i) {
    return bits[i];
  }

  private static long table(Level level) {
    return (long) Level.TABLE_BYTES * (1 + level.ordinal());
  }

  @Override
  public void close() {
    memory.close();
  }
}
