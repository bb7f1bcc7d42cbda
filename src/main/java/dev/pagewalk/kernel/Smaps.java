package dev.pagewalk.kernel;

/**
 * The counters of one mapping in /proc/PID/smaps, in KiB.
 *
 * @param rss what is in memory
 * @param pss the same, each page divided by how often it is mapped
 * @param pssDirty the dirty part of pss
 * @param sharedClean mapped more than once and clean
 * @param sharedDirty mapped more than once and dirty
 * @param privateClean mapped once and clean
 * @param privateDirty mapped once and dirty
 * @param referenced used since it was last asked
 * @param anonymous of no file
 * @param lazyFree may be dropped: advice FREE
 * @param anonHugePages mapped by 2 MiB entries
 * @param sharedHugetlb explicit huge pages mapped more than once; not part of rss
 * @param privateHugetlb the same, mapped once
 * @param swap put out
 * @param swapPss the same, each slot divided by its owners
 * @param locked the part of pss in a locked mapping
 */
public record Smaps(
    long rss,
    long pss,
    long pssDirty,
    long sharedClean,
    long sharedDirty,
    long privateClean,
    long privateDirty,
    long referenced,
    long anonymous,
    long lazyFree,
    long anonHugePages,
    long sharedHugetlb,
    long privateHugetlb,
    long swap,
    long swapPss,
    long locked) {

  /** The counters of the mapping at {@code address}; all zero if there is none. */
  static Smaps of(AddressSpace mm, long address) {
    Vma vma = mm.vmas().at(address);
    return vma == null ? new SmapsCounter(mm).result() : new SmapsCounter(vma).count(vma);
  }
}
