package dev.pagewalk.kernel;

import java.util.Optional;

/** Advices of {@code madvise}, by Linux's names. */
public enum Advice {
  /** No special treatment. */
  NORMAL(0),
  /** Random access: no read-ahead. */
  RANDOM(1),
  /** Sequential access. */
  SEQUENTIAL(2),
  /** Will be needed: swapped pages are read. */
  WILLNEED(3),
  /** Not needed: entries are dropped, private contents with them. */
  DONTNEED(4),
  /** Contents may be dropped when memory is short, until the next store. */
  FREE(8),
  /** Drops the file's pages themselves. */
  REMOVE(9),
  /** A child does not inherit the mapping. */
  DONTFORK(10),
  /** Undoes DONTFORK. */
  DOFORK(11),
  /** May be merged with equal pages. */
  MERGEABLE(12),
  /** Undoes MERGEABLE. */
  UNMERGEABLE(13),
  /** Huge pages are wanted. */
  HUGEPAGE(14),
  /** Huge pages are not wanted. */
  NOHUGEPAGE(15),
  /** Not part of a core dump. */
  DONTDUMP(16),
  /** Undoes DONTDUMP. */
  DODUMP(17),
  /** A child finds zeroes. */
  WIPEONFORK(18),
  /** Undoes WIPEONFORK. */
  KEEPONFORK(19),
  /** Not used for now: first to go. */
  COLD(20),
  /** Put out now. */
  PAGEOUT(21),
  /** Bring in, readable. */
  POPULATE_READ(22),
  /** Bring in, writable. */
  POPULATE_WRITE(23),
  /** As DONTNEED, locked memory too. */
  DONTNEED_LOCKED(24),
  /** Make huge pages now. */
  COLLAPSE(25),
  /** Make guard pages: a touch is SIGSEGV. */
  GUARD_INSTALL(102),
  /** Remove guard pages. */
  GUARD_REMOVE(103);

  private final int code;

  Advice(int code) {
    this.code = code;
  }

  /** Linux's number. */
  public int code() {
    return code;
  }

  /** The advice of that number, if there is one. */
  public static Optional<Advice> of(int code) {
    for (Advice advice : values()) {
      if (advice.code == code) {
        return Optional.of(advice);
      }
    }
    return Optional.empty();
  }
}
