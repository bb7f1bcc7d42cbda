package dev.pagewalk.kernel.policy;

/**
 * Doubly linked lists of frames, a frame in at most one of them: the links are two numbers for each
 * frame, so that nothing is allocated and every operation takes the same short time.
 *
 * <p>Lists are numbered from 0. The first and last frame of list {@code k} are the neighbours of
 * its sentinel, the number {@code frames + k}.
 */
final class FrameLists {
  /** In place of a list: none. */
  static final int NO_LIST = -1;

  private static final int MOST_LISTS = 8192;

  private final int frames;
  private final int[] next;
  private final int[] prev;

  /** In which list each frame is, plus 1; 0 if in none. */
  private final short[] list;

  private final int[] size;
  private int total;

  /**
   * Empty lists.
   *
   * @param frames frames are numbered below this
   * @param lists how many lists, at most 8,192
   */
  FrameLists(int frames, int lists) {
    if (frames < 1 || lists < 1 || lists > MOST_LISTS) {
      throw new IllegalArgumentException(frames + " frames in " + lists + " lists");
    }
    this.frames = frames;
    next = new int[frames + lists];
    prev = new int[frames + lists];
    list = new short[frames];
    size = new int[lists];
    for (int sentinel = frames; sentinel < next.length; sentinel++) {
      next[sentinel] = sentinel;
      prev[sentinel] = sentinel;
    }
  }

  /** Puts a frame, which is in no list, at the end of one. */
  void addLast(int which, int frame) {
    enter(which, frame);
    link(frame, frames + which);
  }

  /** Puts a frame, which is in no list, at the beginning of one. */
  void addFirst(int which, int frame) {
    enter(which, frame);
    link(frame, next[frames + which]);
  }

  /** Takes a frame out of its list. */
  void remove(int frame) {
    int which = list[frame] - 1;
    if (which < 0) {
      throw new IllegalStateException("frame " + frame + " is not resident");
    }
    list[frame] = 0;
    size[which]--;
    total--;
    unlink(frame);
  }

  /** Moves a frame to the end of the list that it is in. */
  void moveToLast(int frame) {
    int sentinel = frames + list[frame] - 1;
    if (prev[sentinel] != frame) {
      unlink(frame);
      link(frame, sentinel);
    }
  }

  /** Moves a frame to the end of another list, or of its own. */
  void move(int which, int frame) {
    remove(frame);
    addLast(which, frame);
  }

  /**
   * Copies all frames, list after list.
   *
   * @param array is used if it has room for one more
   * @return the array that holds them, and {@link ReplacementPolicy#NO_FRAME} behind the last
   */
  int[] all(int[] array) {
    int[] all = array.length > total ? array : new int[total + (total >> 2) + 1];
    int count = 0;
    for (int which = 0; which < size.length; which++) {
      for (int frame = first(which); frame >= 0; frame = next(frame)) {
        all[count++] = frame;
      }
    }
    all[count] = ReplacementPolicy.NO_FRAME;
    return all;
  }

  /** Takes out the first frame of a list; -1 if it is empty. */
  int pollFirst(int which) {
    int frame = first(which);
    if (frame >= 0) {
      remove(frame);
    }
    return frame;
  }

  /** The first frame of a list; -1 if it is empty. */
  int first(int which) {
    return orNone(next[frames + which]);
  }

  /** The last frame of a list; -1 if it is empty. */
  int last(int which) {
    return orNone(prev[frames + which]);
  }

  /** The frame after one in its list; -1 behind the last. */
  int next(int frame) {
    return orNone(next[frame]);
  }

  /** The list that a frame is in; {@link #NO_LIST} if in none. */
  int listOf(int frame) {
    return list[frame] - 1;
  }

  /** How many frames a list has. */
  int size(int which) {
    return size[which];
  }

  /** How many frames all lists have. */
  int size() {
    return total;
  }

  private int orNone(int node) {
    return node < frames ? node : ReplacementPolicy.NO_FRAME;
  }

  private void enter(int which, int frame) {
    if (list[frame] != 0) {
      throw new IllegalStateException("frame " + frame + " is resident already");
    }
    list[frame] = (short) (which + 1);
    size[which]++;
    total++;
  }

  private void link(int frame, int after) {
    int before = prev[after];
    prev[frame] = before;
    next[frame] = after;
    next[before] = frame;
    prev[after] = frame;
  }

  private void unlink(int frame) {
    int before = prev[frame];
    int after = next[frame];
    next[before] = after;
    prev[after] = before;
  }
}
