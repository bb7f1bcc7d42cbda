package dev.pagewalk.web;

import dev.pagewalk.arch.Entry;

/** What the entries that a walk has read so far leave of the rights, in words. */
final class RightsSoFar {
  private boolean user = true;
  private boolean writable = true;
  private boolean executable = true;

  /** The rights after one more entry; null if that is not present and says nothing of rights. */
  String after(long entry) {
    if (!Entry.has(entry, Entry.P)) {
      return null;
    }
    user &= Entry.has(entry, Entry.US);
    writable &= Entry.has(entry, Entry.RW);
    executable &= !Entry.has(entry, Entry.XD);
    return (user ? "user and kernel" : "kernel only")
        + (writable ? ", may write" : ", read-only")
        + (executable ? ", may run" : ", no code");
  }
}
