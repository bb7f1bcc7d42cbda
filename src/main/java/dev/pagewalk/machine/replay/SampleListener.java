package dev.pagewalk.machine.replay;

/** Is told of a replay's counts in intervals. */
@FunctionalInterface
public interface SampleListener {
  /**
   * An interval has ended.
   *
   * @param counts since the replay began
   * @param residentPages pages of user memory in frames now
   */
  void sample(Counts counts, long residentPages);
}
