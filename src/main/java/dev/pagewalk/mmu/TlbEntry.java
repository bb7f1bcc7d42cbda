package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;
import java.util.Set;

/**
 * One valid entry of a TLB, as a snapshot shows it.
 *
 * @param set the set that it is in
 * @param way its place in the set
 * @param age 0 if it was used last of its set, 1 for the one before, and so on
 * @param linearAddress of the first byte of the page, or piece of a page, that it translates
 * @param physicalAddress of that byte
 * @param pcid under which it was filled; of a global entry, the one that used it last
 * @param size of the piece that the entry translates
 * @param pageSize of the page as the tables have it: larger than {@code size} if it was broken up
 * @param flags rights of all entries of the walk, combined, and more: see {@link Flag}
 * @param key protection key, 0 to 15
 * @param patIndex PAT, PCD and PWT of the entry that maps the page, as a number from 0 to 7
 */
public record TlbEntry(
    int set,
    int way,
    int age,
    long linearAddress,
    long physicalAddress,
    int pcid,
    PageSize size,
    PageSize pageSize,
    Set<Flag> flags,
    int key,
    int patIndex) {

  /** What an entry says of its page besides the address. */
  public enum Flag {
    /** A user-mode address: U/S is 1 in every entry of the walk. */
    USER,
    /** R/W is 1 in every entry of the walk. */
    WRITABLE,
    /** XD is 1 in no entry of the walk. */
    EXECUTABLE,
    /** D was 1 when the entry was filled, or has been set by its own walk. */
    DIRTY,
    /** Global: matches under every PCID. */
    GLOBAL,
    /** A shadow-stack page. */
    SHADOW_STACK
  }
}
