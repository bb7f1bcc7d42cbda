package dev.pagewalk.kernel.policy;

/**
 * Not recently used: pages are of four classes, 2 if accessed since the last tick plus 1 if dirty,
 * and one of the lowest class that has any goes. A tick clears the accessed bits.
 *
 * <p>A. S. Tanenbaum, "Modern Operating Systems", "The Not Recently Used Page Replacement
 * Algorithm".
 *
 * <p>A page's class is looked at when the tick comes, and again before the page goes: until the
 * next tick it only rises, so that the first page found in the list of its own class is of the
 * lowest.
 *
 * <p>MODEL: of the pages of a class the one goes that was found in it first; the book has one
 * chosen at random. A page that is cleaned between two ticks keeps the class that it had.
 */
final class Nru implements ReplacementPolicy {
  private static final int CLASSES = 4;
  private static final int LOWEST = 0;

  private final FrameLists classes;
  private final PageView view;

  /** How many ticks make one. */
  private final int every;

  private int ticks;

  /** Frames while a tick sorts them. */
  private int[] scanned = new int[16];

  Nru(int frames, PageView view, int every) {
    classes = new FrameLists(frames, CLASSES);
    this.view = view;
    this.every = every;
  }

  @Override
  public void admitted(int frame, long page) {
    classes.addLast(LOWEST, frame);
  }

  @Override
  public void forgotten(int frame) {
    classes.remove(frame);
  }

  @Override
  public int victim(long incoming) {
    for (int lowest = LOWEST; lowest < CLASSES; lowest++) {
      int frame;
      while ((frame = classes.pollFirst(lowest)) != NO_FRAME) {
        int now = classOf(frame);
        if (now <= lowest) {
          return frame;
        }
        classes.addLast(now, frame);
      }
    }
    return NO_FRAME;
  }

  @Override
  public void putBack(int frame) {
    classes.addLast(CLASSES - 1, frame);
  }

  @Override
  public void tick() {
    if (++ticks < every) {
      return;
    }
    ticks = 0;
    scanned = classes.all(scanned);
    for (int i = 0; scanned[i] != NO_FRAME; i++) {
      view.testAndClearAccessed(scanned[i]);
      classes.move(classOf(scanned[i]), scanned[i]);
    }
  }

  @Override
  public int resident() {
    return classes.size();
  }

  private int classOf(int frame) {
    return (view.isAccessed(frame) ? 2 : 0) + (view.isDirty(frame) ? 1 : 0);
  }
}
