package dev.pagewalk.spec;

import dev.pagewalk.arch.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * What came of a walk, and how.
 *
 * @param outcome the physical address reached, or the exception
 * @param translation the translation found, even if the access may not use it
 * @param steps everything the walk did, in order
 */
public record WalkResult(Outcome outcome, Optional<Translation> translation, List<WalkStep> steps) {
  /** Whether the access reached memory. */
  public boolean reached() {
    return outcome instanceof Outcome.Reached;
  }
}
