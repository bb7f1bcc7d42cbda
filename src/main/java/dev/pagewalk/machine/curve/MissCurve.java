package dev.pagewalk.machine.curve;

import java.io.IOException;

/** Faults by number of frames: it falls in steps. */
public interface MissCurve {
  /** How many accesses of pages there were. */
  long accesses();

  /** How many pages were accessed; an estimate if only some of them were looked at. */
  long pages();

  /** How many accesses fault with so many frames, from 1. */
  double faults(long frames);

  /** The part of accesses that faults with so many frames, from 0 to 1. */
  default double missRatio(long frames) {
    return accesses() == 0 ? 0 : faults(frames) / accesses();
  }

  /**
   * Tells of one frame, and of each number of frames that has fewer faults than one less, in
   * ascending order.
   */
  void forEachStep(Step step) throws IOException;

  /** Where the curve falls. */
  @FunctionalInterface
  interface Step {
    /** With so many frames and more, up to the next step, there are so many faults. */
    void at(long frames, double faults) throws IOException;
  }
}
