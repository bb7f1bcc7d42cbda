package dev.pagewalk.mmu;

import dev.pagewalk.arch.Entry;

/**
 * Rights of the entries on the way, taken together.
 *
 * @param userMode U/S is 1 in all
 * @param writable R/W is 1 in all
 * @param executeDisable XD is 1 in one
 */
record NaiveRights(boolean userMode, boolean writable, boolean executeDisable) {
  /** Before the first entry. */
  static final NaiveRights ALL = new NaiveRights(true, true, false);

  NaiveRights and(long entry) {
    return new NaiveRights(
        userMode && Entry.has(entry, Entry.US),
        writable && Entry.has(entry, Entry.RW),
        executeDisable || Entry.has(entry, Entry.XD));
  }
}
