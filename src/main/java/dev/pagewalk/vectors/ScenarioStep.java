package dev.pagewalk.vectors;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One step of a scenario: what a process does, and what was observed.
 *
 * @param process who does it, {@code A}, {@code B}, ...
 * @param operation what is done
 * @param outcome what came of it, by the format's names, but for {@code pf}
 * @param faults the hardware page faults, in order; nothing if the runs disagreed
 * @param changes by process, the parts of its state that the step changed
 */
record ScenarioStep(
    String process,
    Operation operation,
    SequencedMap<String, Observed> outcome,
    Optional<List<HardwareFault>> faults,
    Map<String, Change> changes) {

  /** A page fault as the processor raised it: CR2 and error code. */
  record HardwareFault(Spot at, int error) {}

  /**
   * The parts of a process's state that changed, each complete.
   *
   * @param vmas mappings in address order
   * @param pages pages that have an entry, in address order
   * @param smaps for each mapping, its counters that are not zero, in KiB
   * @param tables page-table pages
   */
  record Change(
      Optional<List<Vma>> vmas,
      Optional<List<Pages>> pages,
      Optional<List<Map<String, Long>>> smaps,
      Optional<Long> tables) {}

  /**
   * A mapping.
   *
   * @param start first address
   * @param end the address behind the last
   * @param perms as in {@code /proc/self/maps}
   * @param pgoff in pages
   * @param name the file's, {@code anon0} and so on for shared anonymous memory, or empty
   * @param flags those of VmFlags that the format has
   */
  record Vma(Spot start, Spot end, String perms, long pgoff, String name, String flags) {}

  /**
   * Pages next to each other.
   *
   * @param at the first, as an address
   * @param count how many
   * @param flags letters of the format
   * @param id of the first; of the others, one more each, or 0 if it is 0
   */
  record Pages(Spot at, long count, String flags, long id) {}
}
