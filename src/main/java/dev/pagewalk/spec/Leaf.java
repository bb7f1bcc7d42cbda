package dev.pagewalk.spec;

import dev.pagewalk.arch.Level;

/**
 * One page that a set of page tables maps.
 *
 * @param linearAddress of its first byte, canonical
 * @param physicalAddress of its first byte
 * @param level PT for a 4 KiB page, PD for 2 MiB, PDPT for 1 GiB
 * @param entry the entry that maps it
 * @param rights the flags of all entries on the way, combined
 */
public record Leaf(
    long linearAddress, long physicalAddress, Level level, long entry, Rights rights) {
  /** Size of the page in bytes: 4 KiB, 2 MiB or 1 GiB. */
  public long pageBytes() {
    return level.span();
  }
}
