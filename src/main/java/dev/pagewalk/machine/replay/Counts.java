package dev.pagewalk.machine.replay;

/** How often each {@link Counter} came up; fixed once made. */
public final class Counts {
  private final long[] values;

  private Counts(long[] values) {
    this.values = values;
  }

  /** All of them 0. */
  static Counts none() {
    return new Counts(new long[Counter.values().length]);
  }

  /** Copies values by the place of the counter. */
  static Counts of(long[] values) {
    return new Counts(values.clone());
  }

  /** How often. */
  public long of(Counter counter) {
    return values[counter.ordinal()];
  }

  /** What has been added since {@code earlier}. */
  public Counts since(Counts earlier) {
    long[] difference = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      difference[i] = values[i] - earlier.values[i];
    }
    return new Counts(difference);
  }

  /** Accesses of one page that reached memory. */
  public long pageAccesses() {
    return of(Counter.ACCESSES) + of(Counter.CROSSINGS) - of(Counter.REFUSED);
  }

  /** Minor and major faults. */
  public long faults() {
    return of(Counter.MINOR_FAULTS) + of(Counter.MAJOR_FAULTS);
  }
}
