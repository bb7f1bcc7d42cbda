package dev.pagewalk.kernel;

/** Counts of events, as {@code /proc/vmstat} has them; they only grow. */
public final class VmStat {
  private static final VmEvent[] EVENTS = VmEvent.values();

  private final long[] counts = new long[EVENTS.length];

  VmStat() {}

  /** How often it has happened. */
  public long get(VmEvent event) {
    return counts[event.ordinal()];
  }

  /** The counts as they are now, in an object of its own. */
  public VmStat copy() {
    VmStat copy = new VmStat();
    System.arraycopy(counts, 0, copy.counts, 0, counts.length);
    return copy;
  }

  /** What has been counted since {@code before}, a copy of this. */
  public VmStat since(VmStat before) {
    VmStat copy = copy();
    for (int i = 0; i < counts.length; i++) {
      copy.counts[i] -= before.counts[i];
    }
    return copy;
  }

  /** A line for each event, as {@code /proc/vmstat} has it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (VmEvent event : EVENTS) {
      text.append(event.linuxName()).append(' ').append(get(event)).append('\n');
    }
    return text.toString();
  }

  void count(VmEvent event) {
    counts[event.ordinal()]++;
  }

  void add(VmEvent event, long times) {
    counts[event.ordinal()] += times;
  }
}
