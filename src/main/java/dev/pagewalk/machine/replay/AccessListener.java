package dev.pagewalk.machine.replay;

/** Is told of each page access of a replay that reached memory, in order; that costs time. */
@FunctionalInterface
public interface AccessListener {
  /**
   * An access was made.
   *
   * @param address its linear address; of an access across two pages, the second page's start too
   * @param what its kind and process, as {@link dev.pagewalk.trace.AccessBatch#what} packs them
   * @param physical where it is in memory, in bytes
   */
  void accessed(long address, int what, long physical);
}
