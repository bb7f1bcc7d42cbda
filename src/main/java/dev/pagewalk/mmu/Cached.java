package dev.pagewalk.mmu;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.PageSize;

/**
 * The word that a TLB entry keeps of a translation: frame, combined rights, key and what they need.
 *
 * <p>It is made so that one test decides an access: {@code (word & mask) == value}. Bits 51:12 and
 * 62:59 stand where they do in a PTE; PWT, PCD and PAT (bits 3, 4 and 7) are those of the entry
 * that maps the page, in the places that they have in a PTE. 0 is an empty entry.
 */
final class Cached {
  /** The piece is of 4 KiB: what the fast paths may use. */
  static final long REGULAR = Entry.P;

  static final long RW = Entry.RW;
  static final long US = Entry.US;

  /** The entry is valid. */
  static final long VALID = Entry.A;

  static final long D = Entry.D;
  static final long G = Entry.G;

  /** R/W is 1 in every entry but the one that maps the page. */
  static final long TABLES_WRITABLE = RW << 8;

  static final long KEY = Entry.KEY;

  /** Set in no entry. */
  static final long NEVER = 1L << 56;

  /** XD is 1 in one entry of the walk or more. */
  static final long XD = Entry.XD;

  static final long ADDRESS = Entry.ADDRESS;

  /** PWT, PCD and PAT as a PTE has them. */
  static final long PAT_BITS = Entry.PWT | Entry.PCD | Entry.PAT_4K;

  /** What the word of a paging-structure cache keeps of an entry; P and A are 1 in all of them. */
  static final long KEPT_OF_TABLES = ADDRESS | RW | US | XD | VALID | REGULAR;

  private static final int SIZE_SHIFT = 52;

  /** Where the size of the piece stands. */
  static final long SIZE = 3L << SIZE_SHIFT;

  private static final int PAGE_SIZE_SHIFT = 54;
  private static final PageSize[] SIZES = PageSize.values();

  private Cached() {}

  /**
   * The word for a whole page.
   *
   * @param leaf the entry that maps the page, with A and D as they are now
   * @param tables R/W and U/S are those of all entries above, ANDed, XD is ORed
   * @param size of the page
   * @param keepsGlobal whether CR4.PGE is 1
   */
  static long page(long leaf, long tables, PageSize size, boolean keepsGlobal) {
    long word = VALID | Entry.page(leaf, size.level()) | (leaf & (D | KEY));
    word |= (leaf & tables & (RW | US)) | ((leaf | tables) & XD) | ((tables & RW) << 8);
    word |= leaf & (Entry.PWT | Entry.PCD);
    if (size == PageSize.SIZE_4K) {
      word |= REGULAR | (leaf & Entry.PAT_4K);
    } else {
      word |= (leaf & Entry.PAT_LARGE) != 0 ? Entry.PAT_4K : 0;
    }
    word |= keepsGlobal ? leaf & G : 0;
    return word | (size.ordinal() * (1L << SIZE_SHIFT | 1L << PAGE_SIZE_SHIFT));
  }

  /** The part of {@code word}'s piece that holds {@code linearAddress}, as a piece of its own. */
  static long piece(long word, PageSize size, long linearAddress) {
    if (size(word) == size) {
      return word;
    }
    long within = linearAddress & (size(word).bytes() - 1) & -size.bytes();
    long cleared = word & ~SIZE;
    long regular = size == PageSize.SIZE_4K ? REGULAR : 0;
    return cleared | within | regular | ofSize(size.ordinal());
  }

  /** The bits that say the size of the piece, by its ordinal. */
  static long ofSize(int size) {
    return (long) size << SIZE_SHIFT;
  }

  /** Size of the piece that the entry translates. */
  static PageSize size(long word) {
    return SIZES[(int) (word >>> SIZE_SHIFT) & 3];
  }

  /** Size of the page that the tables have. */
  static PageSize pageSize(long word) {
    return SIZES[(int) (word >>> PAGE_SIZE_SHIFT) & 3];
  }

  /** The physical address of {@code linearAddress} by an entry whose piece holds it. */
  static long translate(long word, long linearAddress) {
    return (word & ADDRESS) | (linearAddress & (size(word).bytes() - 1));
  }

  /** PAT, PCD and PWT as a number from 0 to 7. */
  static int patIndex(long word) {
    return (int) (((word >>> 3) & 3) | ((word >>> 5) & 4));
  }
}
