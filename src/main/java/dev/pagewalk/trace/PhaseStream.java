package dev.pagewalk.trace;

/**
 * Phases, each with a working set of its own: some pages of the region, chosen anew at random for
 * each phase, and accesses at random to these.
 *
 * <p>Source: P. J. Denning, "Working Sets Past and Present" (1980), on phases and transitions.
 */
final class PhaseStream implements AddressStream {
  private final SplitMix random;

  /** All pages; the first {@code set} of them are the working set. */
  private final int[] pages;

  private final int set;
  private final long length;
  private long left;

  /**
   * A stream over {@code pages} pages.
   *
   * @param set pages of a working set, from 1 to {@code pages}
   * @param length accesses of a phase
   */
  PhaseStream(int pages, int set, long length, long seed) {
    this.pages = Permutations.identity(pages);
    this.set = set;
    this.length = length;
    random = new SplitMix(seed);
  }

  @Override
  public void next(long[] to, int start, int count) {
    for (int i = start; i < start + count; i++) {
      if (left == 0) {
        choose();
        left = length;
      }
      left--;
      to[i] = (long) pages[(int) random.below(set)] << PAGE_SHIFT;
    }
  }

  private void choose() {
    for (int i = 0; i < set; i++) {
      Permutations.swap(pages, i, i + (int) random.below(pages.length - i));
    }
  }
}
