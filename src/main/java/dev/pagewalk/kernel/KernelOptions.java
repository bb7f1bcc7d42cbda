package dev.pagewalk.kernel;

/**
 * How a kernel is set up; {@link #DEFAULT} is the machine on which the scenarios were recorded.
 *
 * @param hugePages when anonymous memory gets huge pages
 * @param faultAroundBytes size of the window that a read fault on a file maps, a power of two
 * @param stackGuardGapBytes what a growing mapping leaves free below it
 * @param levels of page tables: 4 or 5
 * @param protectionKeys whether the processor has them
 * @param gigabytePages whether the processor has pages of 1 GiB
 * @param hugetlbPages pages of 2 MiB that the explicit pool gets at boot (hugepages=)
 * @param hugetlbGigabytePages the same for pages of 1 GiB
 * @param isolation whether user mode runs on tables without the kernel half (pti=on)
 */
public record KernelOptions(
    HugePolicy hugePages,
    long faultAroundBytes,
    long stackGuardGapBytes,
    int levels,
    boolean protectionKeys,
    boolean gigabytePages,
    long hugetlbPages,
    long hugetlbGigabytePages,
    boolean isolation) {
  /** Linux's defaults on a machine without protection keys and with four levels. */
  public static final KernelOptions DEFAULT =
      new KernelOptions(HugePolicy.MADVISE, 65536, 256 * 4096L, 4, false, true, 0, 0, false);

  /** These with another policy of huge pages. */
  public KernelOptions withHugePages(HugePolicy policy) {
    return new KernelOptions(
        policy,
        faultAroundBytes,
        stackGuardGapBytes,
        levels,
        protectionKeys,
        gigabytePages,
        hugetlbPages,
        hugetlbGigabytePages,
        isolation);
  }

  /** These with another gap below mappings that grow. */
  public KernelOptions withStackGuardGapBytes(long bytes) {
    return new KernelOptions(
        hugePages,
        faultAroundBytes,
        bytes,
        levels,
        protectionKeys,
        gigabytePages,
        hugetlbPages,
        hugetlbGigabytePages,
        isolation);
  }

  /** These with or without protection keys. */
  public KernelOptions withProtectionKeys(boolean keys) {
    return new KernelOptions(
        hugePages,
        faultAroundBytes,
        stackGuardGapBytes,
        levels,
        keys,
        gigabytePages,
        hugetlbPages,
        hugetlbGigabytePages,
        isolation);
  }

  /** These for a processor with or without pages of 1 GiB. */
  public KernelOptions withGigabytePages(boolean pages) {
    return new KernelOptions(
        hugePages,
        faultAroundBytes,
        stackGuardGapBytes,
        levels,
        protectionKeys,
        pages,
        hugetlbPages,
        hugetlbGigabytePages,
        isolation);
  }

  /** These with so many pages of 2 MiB and of 1 GiB in the explicit pools. */
  public KernelOptions withHugetlb(long pages, long gigabyte) {
    return new KernelOptions(
        hugePages,
        faultAroundBytes,
        stackGuardGapBytes,
        levels,
        protectionKeys,
        gigabytePages,
        pages,
        gigabyte,
        isolation);
  }

  /** These with or without page-table isolation. */
  public KernelOptions withIsolation(boolean isolated) {
    return new KernelOptions(
        hugePages,
        faultAroundBytes,
        stackGuardGapBytes,
        levels,
        protectionKeys,
        gigabytePages,
        hugetlbPages,
        hugetlbGigabytePages,
        isolated);
  }
}
