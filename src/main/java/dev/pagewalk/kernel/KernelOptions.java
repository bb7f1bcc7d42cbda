package dev.pagewalk.kernel;

/**
 * How a kernel is set up; {@link #DEFAULT} is the machine on which the scenarios were recorded.
 *
 * @param hugePages when anonymous memory gets huge pages
 * @param faultAroundBytes size of the window that a read fault on a file maps, a power of two
 * @param stackGuardGapBytes what a growing mapping leaves free below it
 * @param levels of page tables: 4 or 5
 * @param protectionKeys whether the processor has them
 * @param reservedFrames frames from 0 on that are never handed out
 */
public record KernelOptions(
    HugePolicy hugePages,
    long faultAroundBytes,
    long stackGuardGapBytes,
    int levels,
    boolean protectionKeys,
    int reservedFrames) {
  /** Linux's defaults on a machine without protection keys and with four levels. */
  public static final KernelOptions DEFAULT =
      new KernelOptions(HugePolicy.MADVISE, 65536, 256 * 4096L, 4, false, 1);

  /** These with another policy of huge pages. */
  public KernelOptions withHugePages(HugePolicy policy) {
    return new KernelOptions(
        policy, faultAroundBytes, stackGuardGapBytes, levels, protectionKeys, reservedFrames);
  }

  /** These with or without protection keys. */
  public KernelOptions withProtectionKeys(boolean keys) {
    return new KernelOptions(
        hugePages, faultAroundBytes, stackGuardGapBytes, levels, keys, reservedFrames);
  }
}
