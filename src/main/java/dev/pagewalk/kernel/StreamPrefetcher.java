package dev.pagewalk.kernel;

/**
 * Brings in what comes next in the streams of a mapping: at equal steps (STRIDE), or page after
 * page (SEQUENTIAL).
 *
 * <p>It goes on at the first use of each page that it brought in, and not only where one was
 * missing: tagged prefetching (A. J. Smith, Cache Memories, 1982).
 */
final class StreamPrefetcher implements Prefetcher {
  private final boolean sequential;
  private final int distance;
  private final int degree;
  private final Prefetch prefetch;

  StreamPrefetcher(PrefetchOptions options, Prefetch prefetch) {
    this.sequential = options.kind() == PrefetchOptions.Kind.SEQUENTIAL;
    this.distance = options.distance();
    this.degree = options.degree();
    this.prefetch = prefetch;
  }

  @Override
  public void touched(Vma vma, long address, long slot) {
    if (vma.streams == null) {
      vma.streams = new FaultStreams();
    }
    long page = address >>> 12;
    long step = vma.streams.touched(page, sequential);
    if (step == 0) {
      return;
    }
    for (int i = 0; i < degree; i++) {
      long next = (page + step * (distance + i)) << 12;
      if (!vma.contains(next) || !prefetch.page(vma, next)) {
        prefetch.wishMore(degree - i - 1);
        return;
      }
    }
  }
}
