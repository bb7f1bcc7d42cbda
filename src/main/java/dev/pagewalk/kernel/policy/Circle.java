package dev.pagewalk.kernel.policy;

import java.util.Arrays;

/** Frames in a circle, for the hand of a clock: two links for each frame, nothing is allocated. */
final class Circle {
  private static final int NONE = ReplacementPolicy.NO_FRAME;

  /** The frame after each one; {@link #NONE} for those that are not in the circle. */
  private final int[] next;

  private final int[] prev;
  private int size;

  /**
   * An empty circle.
   *
   * @param frames frames are numbered below this
   */
  Circle(int frames) {
    next = new int[frames];
    prev = new int[frames];
    Arrays.fill(next, NONE);
  }

  /** Puts a frame before another, or into the empty circle if that is -1. */
  void addBefore(int other, int frame) {
    if (next[frame] != NONE) {
      throw new IllegalStateException("frame " + frame + " is resident already");
    }
    size++;
    if (other == NONE) {
      next[frame] = frame;
      prev[frame] = frame;
      return;
    }
    int before = prev[other];
    next[before] = frame;
    prev[frame] = before;
    next[frame] = other;
    prev[other] = frame;
  }

  /**
   * Takes a frame out.
   *
   * @return the one after it; -1 if the circle is empty now
   */
  int remove(int frame) {
    int after = next[frame];
    if (after == NONE) {
      throw new IllegalStateException("frame " + frame + " is not resident");
    }
    size--;
    next[prev[frame]] = after;
    prev[after] = prev[frame];
    next[frame] = NONE;
    return after == frame ? NONE : after;
  }

  /** The frame after one. */
  int next(int frame) {
    return next[frame];
  }

  /** How many frames there are. */
  int size() {
    return size;
  }
}
