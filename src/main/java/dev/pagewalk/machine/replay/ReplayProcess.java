package dev.pagewalk.machine.replay;

import dev.pagewalk.kernel.AddressSpace;

/** A process of the trace, and what it has done. */
final class ReplayProcess {
  /** Its number in the trace, from 0. */
  final int number;

  /** Its id in the system that was traced. */
  final long id;

  final AddressSpace mm;

  /** Whether it was killed: no access of it is made any more. */
  volatile boolean killed;

  long accesses;
  long walks;
  long words;
  long refused;
  long skipped;

  ReplayProcess(int number, long id, AddressSpace mm) {
    this.number = number;
    this.id = id;
    this.mm = mm;
  }

  /** What it has done, for the report. */
  ReplayResult.ProcessResult result() {
    return new ReplayResult.ProcessResult(
        id,
        accesses,
        mm.minorFaults(),
        mm.majorFaults(),
        walks,
        words,
        killed ? 0 : mm.residentPages(),
        refused,
        skipped,
        killed);
  }
}
