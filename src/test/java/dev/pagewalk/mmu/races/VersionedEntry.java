package dev.pagewalk.mmu.races;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.function.LongUnaryOperator;

/**
 * A paging-structure entry that one kernel thread changes and cores mark: its value, but for A and
 * D, follows from its version.
 */
final class VersionedEntry {
  private static final long MARKS = Entry.A | Entry.D;

  private final PhysicalMemory memory;
  private final long pa;
  private final LongUnaryOperator values;

  /** The version that is in memory, or will be at once. */
  private volatile long intended;

  /** The version that is in memory, or was just now. */
  private volatile long published;

  /** Rises before and after each change by the kernel, of marks too: odd within one. */
  private volatile long changes;

  private long accessedCleared;
  private long dirtyCleared;

  /**
   * An entry of version 0, written to memory.
   *
   * @param values the entry by its version, A and D clear
   */
  VersionedEntry(PhysicalMemory memory, long pa, LongUnaryOperator values) {
    this.memory = memory;
    this.pa = pa;
    this.values = values;
    memory.write64(pa, values.applyAsLong(0));
  }

  /** A version that is in memory now, or has been since the call began, or an older one. */
  long atLeast() {
    return published;
  }

  /** No version above this has been in memory so far. */
  long atMost() {
    return intended;
  }

  /** A token for {@link #isUntouchedSince}. */
  long changes() {
    return changes;
  }

  /** Whether the kernel has not touched the entry since {@link #changes} returned {@code token}. */
  boolean isUntouchedSince(long token) {
    return (token & 1) == 0 && changes == token;
  }

  /** The entry as it is in memory. */
  long read() {
    return memory.read64(pa);
  }

  /** The kernel makes the next version of it, A and D clear. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
  void change() {
    long next = intended + 1;
    changes++;
    intended = next;
    replace(values.applyAsLong(next), -1);
    published = next;
    changes++;
  }

  /** The kernel clears {@code marks}, A or D or both. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
  void clear(long marks) {
    changes++;
    replace(values.applyAsLong(published), marks);
    changes++;
  }

  private void replace(long value, long cleared) {
    while (true) {
      long now = read();
      check(now);
      if (memory.compareAndSet(pa, now, value | (now & MARKS & ~cleared))) {
        accessedCleared += (now & cleared & Entry.A) != 0 ? 1 : 0;
        dirtyCleared += (now & cleared & Entry.D) != 0 ? 1 : 0;
        return;
      }
    }
  }

  /**
   * What the kernel wrote last must be there still, with marks only where they may be.
   *
   * @throws AssertionError if it is not
   */
  void check(long now) {
    long written = values.applyAsLong(published);
    boolean marked = (now & MARKS) != 0;
    boolean dirty = Entry.has(now, Entry.D);
    boolean mayBeDirty = Entry.has(written, Entry.RW) && SharedTables.isLeaf(written);
    if ((now & ~MARKS) != written
        || (marked && !Entry.has(written, Entry.P))
        || (dirty && !mayBeDirty)) {
      throw new AssertionError("wrote 0x%x, found 0x%x".formatted(written, now));
    }
  }

  /** How often A was set: cleared by the kernel, or set now. */
  long accessedSeen() {
    return accessedCleared + (Entry.has(read(), Entry.A) ? 1 : 0);
  }

  /** How often D was set. */
  long dirtySeen() {
    return dirtyCleared + (Entry.has(read(), Entry.D) ? 1 : 0);
  }
}
