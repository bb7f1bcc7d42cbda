package dev.pagewalk.spec;

import dev.pagewalk.arch.Level;

/**
 * A translation that a walk found, whether or not the access may use it.
 *
 * @param level where the walk ended: PT for a 4 KiB page, PD for 2 MiB, PDPT for 1 GiB
 * @param entryAddress physical address of the entry that maps the page
 * @param entry that entry as it was read, before A or D was set by this walk
 * @param physicalAddress of the byte that the linear address names
 * @param rights the flags of all entries on the way, combined
 */
public record Translation(
    Level level, long entryAddress, long entry, long physicalAddress, Rights rights) {
  /** Size of the page in bytes: 4 KiB, 2 MiB or 1 GiB. */
  public long pageBytes() {
    return level.span();
  }
}
