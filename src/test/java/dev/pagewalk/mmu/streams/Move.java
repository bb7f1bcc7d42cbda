package dev.pagewalk.mmu.streams;

import java.util.List;

/**
 * One step of a stream: an operation, or one with all the operations that must follow it.
 *
 * <p>A stream that invalidates correctly stays correct when moves are taken out of it: which
 * invalidations an edit needs is decided when it is played, by {@link Discipline}.
 */
sealed interface Move {
  /** An operation after which nothing need be invalidated. */
  record Plain(Op op) implements Move {}

  /**
   * Software writes words of tables.
   *
   * @param stores in order
   * @param how chooses among the sufficient ways to invalidate
   */
  record Edit(List<Op.Store> stores, int how) implements Move {}

  /**
   * A switch to another address space.
   *
   * @param cr3 the value of CR3, bit 63 clear
   * @param keep whether bit 63 is to be set, if that is right
   * @param how chooses among the sufficient ways to invalidate global translations
   */
  record Switch(long cr3, boolean keep, int how) implements Move {}
}
