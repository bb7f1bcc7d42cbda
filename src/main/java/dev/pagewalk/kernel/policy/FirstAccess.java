package dev.pagewalk.kernel.policy;

/**
 * The page that came last, whose accessed bit the processor sets for the access that brought it in.
 * Policies that want to know of accesses after that one settle it at the next fault.
 */
final class FirstAccess {
  private final PageView view;
  private int frame = ReplacementPolicy.NO_FRAME;

  FirstAccess(PageView view) {
    this.view = view;
  }

  /** A page has come. */
  void of(int newFrame) {
    frame = newFrame;
  }

  /** Clears the accessed bit of the page that came last, if it has not been done. */
  void settle() {
    if (frame != ReplacementPolicy.NO_FRAME) {
      view.testAndClearAccessed(frame);
      frame = ReplacementPolicy.NO_FRAME;
    }
  }

  /** A page has gone. */
  void forgotten(int gone) {
    if (frame == gone) {
      frame = ReplacementPolicy.NO_FRAME;
    }
  }
}
