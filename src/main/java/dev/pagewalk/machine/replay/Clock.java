package dev.pagewalk.machine.replay;

/**
 * How many accesses were made, by one core, or by all where they take turns. Other threads may read
 * it and see some time of late.
 */
final class Clock {
  /** Accesses of the trace in runs that have ended. */
  private long accesses;

  /** Accesses so far that touched two pages: one page access more each. */
  private long crossings;

  /** Accesses of the run under way before the one that is being made. */
  private int ahead;

  /** The next access is the one with so many before it in this run. */
  void at(int before) {
    ahead = before;
  }

  /** The access under way touches a second page. */
  void crossed() {
    crossings++;
  }

  /** A run has ended after so many accesses. */
  void ended(int count) {
    accesses += count;
    ahead = 0;
  }

  /** Accesses of the trace before the one under way. */
  long accesses() {
    return accesses + ahead;
  }

  /** Accesses that touched two pages. */
  long crossings() {
    return crossings;
  }

  /** Page accesses before the one under way. */
  long pageAccesses() {
    return accesses + ahead + crossings;
  }
}
