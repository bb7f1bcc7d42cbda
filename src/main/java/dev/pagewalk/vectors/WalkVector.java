package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Registers;
import java.util.List;
import java.util.Map;

/**
 * A vector of format 1: a machine's state, steps, and what was observed at each.
 *
 * @param id unique in its file
 * @param group what the vector is about
 * @param cpu the processor under test, under the choices of the preset {@code sdm}
 * @param state the registers before the first step
 * @param memory words that are not zero before the first step
 * @param steps what is done and what was observed, by the sources
 * @param sources who observed it
 * @param differs by source, the steps with what that source answered where it disagrees
 */
record WalkVector(
    String id,
    String group,
    Cpu cpu,
    Registers state,
    Words memory,
    List<Step> steps,
    List<String> sources,
    Map<String, List<Step>> differs)
    implements Case {
  @Override
  public String name() {
    return id;
  }

  /** Whether the sources disagree, so that the vector is evidence and no conformance case. */
  boolean isEvidence() {
    return !differs.isEmpty();
  }
}
