package dev.pagewalk.trace;

/**
 * A generator of random numbers that gives the same ones everywhere: SplitMix64.
 *
 * <p>Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators" (2014),
 * figure 17 with the mixing function of Stafford's variant 13; D. Lemire, "Fast Random Integer
 * Generation in an Interval" (2019), for {@link #below}.
 */
final class SplitMix {
  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final double UNIT = 0x1p-53;
  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  /** A seed for one of several independent streams that hang on one seed. */
  static long derive(long seed, long stream) {
    return mix(mix(seed) + (GOLDEN * (stream + 1)));
  }

  /** Any of the 2^64 numbers. */
  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /**
   * A number from 0 to {@code bound - 1}, each as likely as the other; {@code bound} is above 0.
   */
  long below(long bound) {
    long random = next();
    long high = Math.multiplyHigh(random, bound) + ((random >> 63) & bound);
    long low = random * bound;
    if (Long.compareUnsigned(low, bound) < 0) {
      long least = Long.remainderUnsigned(-bound, bound);
      while (Long.compareUnsigned(low, least) < 0) {
        random = next();
        high = Math.multiplyHigh(random, bound) + ((random >> 63) & bound);
        low = random * bound;
      }
    }
    return high;
  }

  /** A number from 0 up to but not 1, a multiple of 2^-53. */
  double unit() {
    return (next() >>> 11) * UNIT;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }
}
