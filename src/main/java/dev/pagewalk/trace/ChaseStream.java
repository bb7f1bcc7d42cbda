package dev.pagewalk.trace;

/** A chase along pointers: one cycle through all pages in random order, again and again. */
final class ChaseStream implements AddressStream {
  private final int[] next;
  private int page;

  ChaseStream(int pages, long seed) {
    next = Permutations.cyclic(pages, new SplitMix(seed));
  }

  @Override
  public void next(long[] to, int start, int count) {
    int at = page;
    for (int i = start; i < start + count; i++) {
      to[i] = (long) at << PAGE_SHIFT;
      at = next[at];
    }
    page = at;
  }
}
