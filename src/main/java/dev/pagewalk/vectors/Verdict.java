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
   */
  record Failed(int step, String expected, String got) implements Verdict {}

  /** The one value of {@link Passed}. */
  Verdict PASSED = new Passed();
}
