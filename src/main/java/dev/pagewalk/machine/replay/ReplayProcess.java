package dev.pagewalk.machine.replay;

import dev.pagewalk.kernel.AddressSpace;

/** A process of the trace, and what it has done. */
final class ReplayProcess {
  /** Its number in the trace, from 0. */
  final int number;

  /** Its id in the system that was traced. */
  final long id;

  final AddressSpace mm;

  private volatile boolean killed;

  private long accesses;
  private long walks;
  private long words;
  private long refused;
  private long skipped;

  ReplayProcess(int number, long id, AddressSpace mm) {
    this.number = number;
    this.id = id;
    this.mm = mm;
  }

  /** Whether it was killed: no access of it is made any more. */
  boolean isKilled() {
    return killed;
  }

  void kill() {
    killed = true;
  }

  /** Counts a run on some core. */
  synchronized void ran(long count, long newWalks, long newWords) {
    accesses += count;
    walks += newWalks;
    words += newWords;
  }

  /** Counts an access that ended in a signal. */
  synchronized void refuse() {
    refused++;
  }

  /** Counts accesses that are not made, since the process was killed. */
  synchronized void skip(long count) {
    skipped += count;
  }

  synchronized long accesses() {
    return accesses;
  }

  synchronized long refused() {
    return refused;
  }

  synchronized long skipped() {
    return skipped;
  }

  /** What it has done, for the report. */
  synchronized ReplayResult.ProcessResult result() {
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
