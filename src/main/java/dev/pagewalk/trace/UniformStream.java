package dev.pagewalk.trace;

/** Pages at random, each as likely as the other at every access. */
final class UniformStream implements AddressStream {
  private final SplitMix random;
  private final long pages;

  UniformStream(long pages, long seed) {
    this.pages = pages;
    random = new SplitMix(seed);
  }

  @Override
  public void next(long[] to, int start, int count) {
    for (int i = start; i < start + count; i++) {
      to[i] = random.below(pages) << PAGE_SHIFT;
    }
  }
}
