package dev.pagewalk.mmu;

/**
 * One valid entry of a paging-structure cache, as a snapshot shows it.
 *
 * @param set the set that it is in
 * @param way its place in the set
 * @param age 0 if it was used last of its set, 1 for the one before, and so on
 * @param linearAddress of the first byte that the cached entry controls
 * @param table physical address of the paging structure that it references
 * @param pcid under which it was filled
 * @param userMode U/S is 1 in the entry and in all above it
 * @param writable R/W is 1 in the entry and in all above it
 * @param executeDisable XD is 1 in the entry or in one above it
 */
public record PagingStructureCacheEntry(
    int set,
    int way,
    int age,
    long linearAddress,
    long table,
    int pcid,
    boolean userMode,
    boolean writable,
    boolean executeDisable) {}
