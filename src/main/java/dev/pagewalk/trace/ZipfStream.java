package dev.pagewalk.trace;

/**
 * Pages at random by Zipf's law: the page of rank k, from 1, comes with a probability in proportion
 * to 1 / k^s.
 *
 * <p>Drawn by Walker's alias method: each page's probability is exact to 2^-39 of the mean, and an
 * access takes two random numbers and one read of a table. The table takes 8 bytes a page. Powers
 * are those of {@link StrictMath}, so that they are the same everywhere.
 *
 * <p>Source: A. J. Walker, "An Efficient Method for Generating Discrete Random Variables with
 * General Distributions" (1977); M. D. Vose, "A Linear Algorithm for Generating Random Numbers with
 * a Given Distribution" (1991).
 */
final class ZipfStream implements AddressStream {
  private static final int PAGE_BITS = 24;
  private static final int OWN_BITS = Long.SIZE - 1 - PAGE_BITS;
  private static final int MOST_PAGES_MASK = (1 << PAGE_BITS) - 1;
  private static final double ALL = 1L << OWN_BITS;
  private final SplitMix random;
  private final int pages;

  /**
   * For each page: how likely it is to stand for itself, in units of 2^-39, above the 24 bits of
   * the page that it stands for otherwise.
   */
  private final long[] table;

  /** The page of each rank; null if it is the rank itself. */
  private final int[] place;

  /**
   * A stream over {@code pages} pages, at most 2^24.
   *
   * @param exponent s; 0 makes every page as likely as the other
   * @param shuffle whether ranks are spread over the region at random; else the first page is the
   *     most frequent
   */
  ZipfStream(int pages, double exponent, boolean shuffle, long seed) {
    this.pages = pages;
    random = new SplitMix(seed);
    table = new long[pages];
    place = shuffle ? Permutations.random(pages, new SplitMix(SplitMix.derive(seed, 0))) : null;
    fill(weights(pages, exponent));
  }

  @Override
  public void next(long[] to, int start, int count) {
    for (int i = start; i < start + count; i++) {
      int page = (int) random.below(pages);
      long entry = table[page];
      int other = (int) entry & MOST_PAGES_MASK;
      // All ones if the page stands for itself: no branch, which would be mispredicted.
      int itself =
          (int) (((random.next() >>> (Long.SIZE - OWN_BITS)) - (entry >>> PAGE_BITS)) >> 63);
      int rank = other ^ ((page ^ other) & itself);
      to[i] = (long) (place == null ? rank : place[rank]) << PAGE_SHIFT;
    }
  }

  /** Each page's probability times the number of pages. */
  private static double[] weights(int pages, double exponent) {
    double[] weights = new double[pages];
    double sum = 0;
    // The smallest first, so that little is rounded away.
    for (int rank = pages; rank >= 1; rank--) {
      double weight = StrictMath.pow(rank, -exponent);
      weights[rank - 1] = weight;
      sum += weight;
    }
    for (int i = 0; i < pages; i++) {
      weights[i] = weights[i] * pages / sum;
    }
    return weights;
  }

  /** Fills up pages that come less often than the mean with those that come more often. */
  private void fill(double[] weights) {
    int[] work = new int[pages];
    int small = 0;
    int large = pages;
    for (int i = 0; i < pages; i++) {
      if (weights[i] < 1) {
        work[small++] = i;
      } else {
        work[--large] = i;
      }
    }
    while (small > 0 && large < pages) {
      int less = work[--small];
      int more = work[large];
      table[less] = ((long) (weights[less] * ALL) << PAGE_BITS) | more;
      weights[more] = (weights[more] + weights[less]) - 1;
      if (weights[more] < 1) {
        large++;
        work[small++] = more;
      }
    }
    // What is left differs from the mean by rounding only.
    while (small > 0) {
      itself(work[--small]);
    }
    while (large < pages) {
      itself(work[large++]);
    }
  }

  private void itself(int page) {
    table[page] = ((long) ALL << PAGE_BITS) | page;
  }
}
