package dev.pagewalk.vectors;

/** What running one vector showed. */
sealed interface Verdict {
  /** Every step answered as observed. */
  record Passed() implements Verdict {}

  /**
   * A step answered otherwise; later steps were not run.
   *
   * @param step counted from 1
   * @param expected what was observed, for a person
   * @param got what the engine answered
   * @param explanation how the engine came to it, in lines; may be empty
   */
  record Failed(int step, String expected, String got, String explanation) implements Verdict {}

  /** The one value of {@link Passed}. */
  Verdict PASSED = new Passed();
}
