package dev.pagewalk.kernel;

/**
 * What became of the pages that were brought in before they were asked for.
 *
 * <p>A page counts as used when it is first mapped or read, also if it was mapped along with
 * another (fault-around), since no fault will show its use any more.
 *
 * @param issued pages brought in
 * @param used of them, those that were used
 * @param wasted of them, those that left memory without being used
 * @param late of those used, the ones that were used before a device would have brought them
 */
public record PrefetchStat(long issued, long used, long wasted, long late) {
  /** Those that are in memory and have not been used yet. */
  public long pending() {
    return issued - used - wasted;
  }

  /** The part of those whose fate is known that was used, 0 to 1; 0 if there are none. */
  public double accuracy() {
    return used + wasted == 0 ? 0 : (double) used / (used + wasted);
  }

  /**
   * What it gained: each page that was used made a minor fault of a major one, and each that was
   * wasted was read for nothing. All in one unit of time; negative if it cost more than it brought.
   *
   * @param major what a major fault costs
   * @param minor what a minor fault costs
   * @param wastedRead what it costs others that a page is read for nothing
   */
  public double netGain(double major, double minor, double wastedRead) {
    return used * (major - minor) - wasted * wastedRead;
  }

  /** The sum of both. */
  public PrefetchStat plus(PrefetchStat other) {
    return new PrefetchStat(
        issued + other.issued, used + other.used, wasted + other.wasted, late + other.late);
  }

  /** What has been counted since {@code before}. */
  public PrefetchStat since(PrefetchStat before) {
    return new PrefetchStat(
        issued - before.issued, used - before.used, wasted - before.wasted, late - before.late);
  }
}
