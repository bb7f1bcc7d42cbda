package dev.pagewalk.kernel.policy;

/**
 * Exact least recently used: the page that was not accessed for the longest time goes.
 *
 * <p>R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, "Evaluation techniques for storage
 * hierarchies", IBM Systems Journal 9(2), 1970: with more frames, what is resident with fewer stays
 * resident, and so there are never more faults. An oracle: no processor tells of each access.
 */
final class Lru implements ReplacementPolicy.Oracle {
  private static final int BY_USE = 0;

  /** Least recently used first. */
  private final FrameLists frames;

  Lru(int frames) {
    this.frames = new FrameLists(frames, 1);
  }

  @Override
  public void accessed(int frame, long position) {
    frames.moveToLast(frame);
  }

  @Override
  public void admitted(int frame, long page) {
    frames.addLast(BY_USE, frame);
  }

  @Override
  public void forgotten(int frame) {
    frames.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    return frames.pollFirst(BY_USE);
  }

  @Override
  public void putBack(int frame) {
    frames.addLast(BY_USE, frame);
  }

  @Override
  public int resident() {
    return frames.size(BY_USE);
  }
}
