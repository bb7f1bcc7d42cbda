package dev.pagewalk.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.util.Optional;

/**
 * A piece of native address space that takes memory page by page when it is touched, and is zero at
 * first.
 *
 * @param address native address of the first byte
 * @param bytes length, whole pages of the operating system
 */
record Reservation(long address, long bytes) {
  /** Bytes whose pages are asked for at once: a table of at most 256 KiB. */
  private static final long STEP = 1L << 30;

  /** Where a huge page may begin, and its length: that of x86-64, and of most others. */
  private static final long HUGE_PAGE = 2L << 20;

  private static final Cleaner CLEANER = Cleaner.create();

  /**
   * A reservation of {@code bytes} bytes, rounded up to whole pages; nothing if the operating
   * system has no such thing, or refuses.
   */
  static Optional<Reservation> of(long bytes) {
    if (!Posix.isHere()) {
      return Optional.empty();
    }
    long page = Posix.pageBytes();
    long rounded = Math.ceilDiv(bytes, page) * page;
    long address = Posix.reserve(rounded);
    return address == Posix.REFUSED
        ? Optional.empty()
        : Optional.of(new Reservation(address, rounded));
  }

  /**
   * As {@link #of}; it begins where a huge page may, and the operating system is asked to use such
   * pages for it.
   */
  static Optional<Reservation> ofHugePages(long bytes) {
    return of(bytes + HUGE_PAGE).map(wide -> wide.aligned(bytes));
  }

  /** The part of this that begins at a huge page's boundary; the rest is unmapped. */
  private Reservation aligned(long wanted) {
    long page = Posix.pageBytes();
    long start = Math.ceilDiv(address, HUGE_PAGE) * HUGE_PAGE;
    long length = Math.ceilDiv(wanted, page) * page;
    boolean cut = start == address || Posix.unmap(address, start - address);
    long after = address + bytes - (start + length);
    cut &= after == 0 || Posix.unmap(start + length, after);
    if (!cut) {
      throw new IllegalStateException("the operating system takes no address space back");
    }
    Posix.preferHugePages(start, length);
    return new Reservation(start, length);
  }

  /**
   * Unmaps the reservation when {@code owner} is no longer reachable. Not sooner: an access to an
   * address that is not mapped would end the process.
   */
  void releaseWith(Object owner) {
    CLEANER.register(owner, () -> Posix.unmap(address, bytes));
  }

  /** Gives all pages back, at no moment unmapping them; everything is zero again. */
  void discard() {
    if (!Posix.discard(address, bytes)) {
      throw new IllegalStateException("the operating system takes no memory back");
    }
  }

  /** Bytes of the pages that are in main memory. */
  long residentBytes() {
    long page = Posix.pageBytes();
    long resident = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pages = arena.allocate(STEP / page);
      for (long at = 0; at < bytes; at += STEP) {
        long step = Math.min(STEP, bytes - at);
        if (!Posix.inCore(address + at, step, pages)) {
          throw new IllegalStateException("the operating system does not tell what is resident");
        }
        for (long i = 0; i < step / page; i++) {
          resident += pages.get(ValueLayout.JAVA_BYTE, i) & 1;
        }
      }
    }
    return resident * page;
  }
}
