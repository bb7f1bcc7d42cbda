package dev.pagewalk.cli;

import dev.pagewalk.spec.Leaf;
import dev.pagewalk.vectors.LeafFlags;

/**
 * A run of pages as {@code maps} lists it: one page, or neighbours joined.
 *
 * @param va linear address of the first byte
 * @param pa physical address of the first byte
 * @param bytes length
 * @param flags the nine flags that all its entries have
 */
record PageLine(long va, long pa, long bytes, String flags) {
  static PageLine of(Leaf leaf) {
    return new PageLine(
        leaf.linearAddress(), leaf.physicalAddress(), leaf.pageBytes(), LeafFlags.of(leaf.entry()));
  }

  /** Whether {@code next} goes on where this ends, at both addresses and with the same flags. */
  boolean isFollowedBy(PageLine next) {
    return va + bytes == next.va && pa + bytes == next.pa && flags.equals(next.flags);
  }

  /** This run and {@code next}, which follows it. */
  PageLine joined(PageLine next) {
    return new PageLine(va, pa, bytes + next.bytes, flags);
  }
}
