package dev.pagewalk.vectors;

import dev.pagewalk.arch.Entry;

/**
 * The nine flags of an entry that maps a page, as QEMU's monitor prints them: a letter where the
 * bit is set and {@code -} where it is not.
 *
 * <p>X no-execute, G global, P bit 7 (large page, or PAT in a PTE), D dirty, A accessed, C cache
 * disable, T write-through, U user, W writable. They are the entry's own bits, not combined with
 * the levels above.
 */
public final class LeafFlags {
  private static final String LETTERS = "XGPDACTUW";
  private static final int[] BITS = {63, 8, 7, 6, 5, 4, 3, 2, 1};

  private LeafFlags() {}

  /** The flags of {@code entry}, nine characters. */
  public static String of(long entry) {
    char[] flags = new char[BITS.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = Entry.has(entry, 1L << BITS[i]) ? LETTERS.charAt(i) : '-';
    }
    return new String(flags);
  }
}
