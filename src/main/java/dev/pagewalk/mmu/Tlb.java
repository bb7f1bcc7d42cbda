package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.TlbGeometry;

/** One TLB: a {@link Structure} whose words are {@link Cached} ones. */
final class Tlb extends Structure {
  /** Tells the sizes apart in tags; makes those of large pieces not canonical. */
  private static final int SIZE_SHIFT = 60;

  final TlbGeometry geometry;

  /** The sizes of piece that it can hold, smallest first. */
  final PageSize[] sizes;

  /** Where a TLB of the first level reads the time from; null if it keeps its own. */
  private final long[] clockArray;

  private final int clockAt;

  /**
   * A TLB.
   *
   * @param clockAt index in {@code clockArray} of the access counter that stamps its entries
   */
  Tlb(Placement at, TlbGeometry geometry, long randomSeed, int clockAt) {
    super(at, geometry.shape(), randomSeed);
    this.geometry = geometry;
    this.sizes = geometry.sizes().stream().sorted().toArray(PageSize[]::new);
    this.clockArray = clockAt < 0 ? null : at.array();
    this.clockAt = clockAt;
  }

  /** The tag of the piece of {@code size} that holds {@code linearAddress}. */
  static long tag(long linearAddress, PageSize size, long pcid) {
    return tag(linearAddress, size.ordinal(), pcid);
  }

  /** The same, by the size's ordinal, which the compiler may know. */
  static long tag(long linearAddress, int size, long pcid) {
    return ((linearAddress & (-1L << shift(size))) | pcid) ^ ((long) size << SIZE_SHIFT);
  }

  /** The shift of the size with that ordinal. */
  static int shift(int size) {
    return 12 + 9 * size;
  }

  /** First byte of the piece whose tag and word these are. */
  static long linearAddress(long tag, long word) {
    return (tag & ~PCID) ^ ((long) Cached.size(word).ordinal() << SIZE_SHIFT);
  }

  @Override
  long stamp(int i) {
    return clockArray == null ? super.stamp(i) : clockArray[clockAt] | i;
  }

  /** Index of the first tag of the set for {@code linearAddress} in a piece of {@code size}. */
  int firstOf(long linearAddress, PageSize size) {
    return firstOf(linearAddress >>> size.shift());
  }

  /** The set that the entry at {@code i} belongs to, by the index of its first tag. */
  int firstOfEntry(int i) {
    return base + (i - base) / stride * stride;
  }

  /** The entry for the piece of {@code size} that holds {@code linearAddress}, or -1. */
  int find(long linearAddress, PageSize size, long pcid) {
    return find(firstOf(linearAddress, size), tag(linearAddress, size, pcid));
  }

  /** The largest size of piece, at most {@code most}, that it can hold; null if there is none. */
  PageSize sizeFor(PageSize most) {
    PageSize best = null;
    for (PageSize size : sizes) {
      best = size.compareTo(most) <= 0 ? size : best;
    }
    return best;
  }
}
