package dev.pagewalk.vectors;

import dev.pagewalk.arch.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * One step of a vector: what is done, and what was observed.
 *
 * @param action what is done
 * @param allowed the outcomes that are right: one, or all those that the architecture permits
 * @param memoryAfter if the step says anything of the named words: those listed here must be as
 *     they are here, under their mask, and all others as they were before the step
 */
record Step(Action action, List<Outcome> allowed, Optional<Words> memoryAfter) {}
