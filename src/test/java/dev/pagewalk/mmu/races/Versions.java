package dev.pagewalk.mmu.races;

import java.util.function.LongPredicate;

/**
 * A range of versions of one entry that an answer may rest on.
 *
 * @param least the oldest
 * @param most the newest
 */
record Versions(long least, long most) {
  /** What versions are repeats after so many. */
  private static final int PERIOD = 8 * 3 * 5;

  boolean has(long version) {
    return least <= version && version <= most;
  }

  /** Whether one of them is as {@code wanted} says. */
  boolean any(LongPredicate wanted) {
    for (long n = least; n <= most && n < least + PERIOD; n++) {
      if (wanted.test(n)) {
        return true;
      }
    }
    return false;
  }
}
