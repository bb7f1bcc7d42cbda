package dev.pagewalk.machine.replay;

import java.util.List;
import java.util.Optional;

/**
 * What a replay found.
 *
 * @param counts all that was counted
 * @param time effective access time and its break-down
 * @param processes in the order in which they first appeared
 * @param residentPages pages of user memory in frames at the end
 * @param tablePages frames that page tables fill at the end, those of the top level left out
 * @param firstRefusal the first access that ended in a signal; empty if there was none
 */
public record ReplayResult(
    Counts counts,
    EffectiveTime time,
    List<ProcessResult> processes,
    long residentPages,
    long tablePages,
    Optional<Refusal> firstRefusal) {
  /**
   * What one process did.
   *
   * @param id as the trace has it
   * @param accesses of the trace
   * @param minorFaults faults that waited for no device
   * @param majorFaults faults that waited for one
   * @param walks page walks
   * @param words of tables that they read
   * @param residentPages pages in frames at the end
   * @param refused accesses that ended in a signal
   * @param skipped accesses not made, since it had been killed
   * @param killed whether it was killed for want of memory
   */
  public record ProcessResult(
      long id,
      long accesses,
      long minorFaults,
      long majorFaults,
      long walks,
      long words,
      long residentPages,
      long refused,
      long skipped,
      boolean killed) {}
}
