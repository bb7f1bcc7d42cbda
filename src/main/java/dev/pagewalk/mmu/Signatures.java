package dev.pagewalk.mmu;

/**
 * One byte of each tag of a set, in two words before the first tag: what proves in a few operations
 * that a set of up to 16 ways does not have a tag.
 */
final class Signatures {
  /** From a set's first tag back to the signatures of ways 0 to 7; the other word follows. */
  static final int AT = -StateLayout.RECORD_HEAD + 1;

  private static final long ONES = 0x0101_0101_0101_0101L;

  private Signatures() {}

  /** Notes that the tag of {@code way} has the low byte of {@code signature} now. */
  static void set(long[] array, int first, int way, long signature) {
    int at = first + AT + (way >>> 3);
    int shift = way << 3;
    array[at] = (array[at] & ~(0xffL << shift)) | ((signature & 0xff) << shift);
  }

  /** Whether a tag with that low byte of its signature may be there; it is not if this is false. */
  static boolean mayHold(long[] array, int first, long signature) {
    long all = (signature & 0xff) * ONES;
    long low = array[first + AT] ^ all;
    long high = array[first + AT + 1] ^ all;
    // A byte that is 0 borrows from its top bit.
    return ((((low - ONES) & ~low) | ((high - ONES) & ~high)) & (ONES << 7)) != 0;
  }
}
