package dev.pagewalk.kernel;

import java.util.function.Consumer;

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
 * @param zeroPage whether a read of untouched anonymous memory maps the page of zeroes; without it
 *     each gets a frame of its own (mm_forbids_zeropage)
 * @param overcommit how much memory may be promised (vm.overcommit_memory)
 * @param overcommitRatio percentage of RAM that may be promised in mode NEVER
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
    boolean isolation,
    boolean zeroPage,
    OvercommitMode overcommit,
    int overcommitRatio) {
  /** Linux's defaults on a machine without protection keys and with four levels. */
  public static final KernelOptions DEFAULT = new Builder().build();

  /** These with another policy of huge pages. */
  public KernelOptions withHugePages(HugePolicy policy) {
    return with(builder -> builder.hugePages = policy);
  }

  /** These with another gap below mappings that grow. */
  public KernelOptions withStackGuardGapBytes(long bytes) {
    return with(builder -> builder.stackGuardGapBytes = bytes);
  }

  /** These with or without protection keys. */
  public KernelOptions withProtectionKeys(boolean keys) {
    return with(builder -> builder.protectionKeys = keys);
  }

  /** These for a processor with or without pages of 1 GiB. */
  public KernelOptions withGigabytePages(boolean pages) {
    return with(builder -> builder.gigabytePages = pages);
  }

  /** These with so many pages of 2 MiB and of 1 GiB in the explicit pools. */
  public KernelOptions withHugetlb(long pages, long gigabyte) {
    return with(builder -> {
      builder.hugetlbPages = pages;
      builder.hugetlbGigabytePages = gigabyte;
    });
  }

  /** These with or without page-table isolation. */
  public KernelOptions withIsolation(boolean isolated) {
    return with(builder -> builder.isolation = isolated);
  }

  /** These with or without the page of zeroes for reads of untouched anonymous memory. */
  public KernelOptions withZeroPage(boolean shared) {
    return with(builder -> builder.zeroPage = shared);
  }

  /**
   * These with another judgement of what may be promised.
   *
   * @param ratio percentage of RAM that counts in mode NEVER, 50 with Linux
   */
  public KernelOptions withOvercommit(OvercommitMode mode, int ratio) {
    return with(builder -> {
      builder.overcommit = mode;
      builder.overcommitRatio = ratio;
    });
  }

  private KernelOptions with(Consumer<Builder> change) {
    Builder builder = new Builder(this);
    change.accept(builder);
    return builder.build();
  }

  /** The options while one of them is changed. */
  private static final class Builder {
    HugePolicy hugePages = HugePolicy.MADVISE;
    long faultAroundBytes = 65536;
    long stackGuardGapBytes = 256 * 4096L;
    int levels = 4;
    boolean protectionKeys;
    boolean gigabytePages = true;
    long hugetlbPages;
    long hugetlbGigabytePages;
    boolean isolation;
    boolean zeroPage = true;
    OvercommitMode overcommit = OvercommitMode.GUESS;
    int overcommitRatio = 50;

    Builder() {}

    Builder(KernelOptions from) {
      hugePages = from.hugePages;
      faultAroundBytes = from.faultAroundBytes;
      stackGuardGapBytes = from.stackGuardGapBytes;
      levels = from.levels;
      protectionKeys = from.protectionKeys;
      gigabytePages = from.gigabytePages;
      hugetlbPages = from.hugetlbPages;
      hugetlbGigabytePages = from.hugetlbGigabytePages;
      isolation = from.isolation;
      zeroPage = from.zeroPage;
      overcommit = from.overcommit;
      overcommitRatio = from.overcommitRatio;
    }

    KernelOptions build() {
      return new KernelOptions(
          hugePages,
          faultAroundBytes,
          stackGuardGapBytes,
          levels,
          protectionKeys,
          gigabytePages,
          hugetlbPages,
          hugetlbGigabytePages,
          isolation,
          zeroPage,
          overcommit,
          overcommitRatio);
    }
  }
}
