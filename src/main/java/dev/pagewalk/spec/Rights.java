package dev.pagewalk.spec;

import dev.pagewalk.arch.Entry;

/**
 * The flags of all entries that control one translation, combined as the manual combines them.
 *
 * @param userMode U/S is 1 in every entry: the address is a user-mode address
 * @param writable R/W is 1 in every entry
 * @param tablesWritable R/W is 1 in every entry but the one that maps the page
 * @param executeDisable XD is 1 in any entry
 */
public record Rights(
    boolean userMode, boolean writable, boolean tablesWritable, boolean executeDisable) {
  /** Before the first entry: everything is allowed. */
  static final Rights ALL = new Rights(true, true, true, false);

  /** These rights, further restricted by {@code entry}. */
  Rights restrictedBy(long entry, boolean leaf) {
    boolean rw = Entry.has(entry, Entry.RW);
    return new Rights(
        userMode && Entry.has(entry, Entry.US),
        writable && rw,
        tablesWritable && (leaf || rw),
        executeDisable || Entry.has(entry, Entry.XD));
  }
}
