package dev.pagewalk.kernel;

/** Chooses which pages to bring in, by the faults that it is told of. */
interface Prefetcher {
  /** Brings nothing in. */
  Prefetcher NONE = (vma, address, slot) -> {};

  /** The prefetcher of these options. */
  static Prefetcher of(PrefetchOptions options, Prefetch prefetch) {
    return switch (options.kind()) {
      case NONE -> NONE;
      case SEQUENTIAL, STRIDE -> new StreamPrefetcher(options, prefetch);
      case LINUX_VMA -> new VmaReadAhead(options, prefetch);
      case LINUX_CLUSTER -> new ClusterReadAhead(options, prefetch);
    };
  }

  /**
   * A fault is resolved that read a page from a device, or that was the first use of a page brought
   * in before.
   *
   * @param slot the swap entry that was read; 0 if nothing was read from swap
   */
  void touched(Vma vma, long address, long slot);

  /**
   * A fault found its page in the swap cache.
   *
   * @param hit whether this is the first use of a page that was brought in before
   */
  default void foundInSwapCache(Vma vma, long address, boolean hit) {}
}
