package dev.pagewalk.machine.tables;

/** The hash function of the hashed tables. */
final class Hash {
  private Hash() {}

  /**
   * All bits of {@code key} mixed, the low ones well.
   *
   * <p>Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", the mixing
   * function of SplitMix64.
   */
  static long of(long key) {
    long mixed = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** One number for a page of a process. */
  static long key(int process, long page) {
    return ((long) process << 45) | page;
  }
}
