package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.CostModel;
import dev.pagewalk.trace.AccessBatch;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A replay over time: a row for each interval, with what happened in it. It is a listener of both
 * kinds; give it to {@link ReplayOptions}.
 */
public final class Series implements AccessListener, SampleListener {
  private final CostModel costs;
  private final WorkingSet workingSet;
  private final HeatMap heatMap;
  private final List<Row> rows = new ArrayList<>();
  private Counts before = Counts.none();

  /**
   * One interval.
   *
   * @param access the number of its last access
   * @param accesses how many it has
   * @param minorFaults in it
   * @param majorFaults in it
   * @param workingSet pages accessed by the last tau page accesses, at its end
   * @param residentPages at its end
   * @param nanoseconds effective access time within it
   */
  public record Row(
      long access,
      long accesses,
      long minorFaults,
      long majorFaults,
      int workingSet,
      long residentPages,
      BigDecimal nanoseconds) {
    /** Faults an access. */
    public double faultRate() {
      return accesses == 0 ? 0 : (double) (minorFaults + majorFaults) / accesses;
    }
  }

  /**
   * A series without rows.
   *
   * @param tau the working set's window, in page accesses
   * @param heatMap filled on the way; null if nobody wants it
   */
  public Series(CostModel costs, int tau, HeatMap heatMap) {
    this.costs = costs;
    this.workingSet = new WorkingSet(tau);
    this.heatMap = heatMap;
  }

  @Override
  public void accessed(long address, int what, long physical) {
    int process = AccessBatch.process(what);
    workingSet.accessed(process, address);
    if (heatMap != null) {
      heatMap.accessed(process, address);
    }
  }

  @Override
  public void sample(Counts counts, long residentPages) {
    Counts interval = counts.since(before);
    before = counts;
    rows.add(
        new Row(
            counts.of(Counter.ACCESSES) + counts.of(Counter.SKIPPED),
            interval.of(Counter.ACCESSES) + interval.of(Counter.SKIPPED),
            interval.of(Counter.MINOR_FAULTS),
            interval.of(Counter.MAJOR_FAULTS),
            workingSet.size(),
            residentPages,
            EffectiveTime.of(interval, costs).perAccess()));
  }

  /** The rows so far. */
  public List<Row> rows() {
    return Collections.unmodifiableList(rows);
  }

  /** Writes the rows as CSV with a line of titles, and leaves the writer open. */
  public void csv(Writer to) {
    PrintWriter out = new PrintWriter(to);
    out.print("access,minor_faults,major_faults,fault_rate,working_set,resident_pages,eat_ns\n");
    for (Row row : rows) {
      out.print(row.access() + "," + row.minorFaults() + "," + row.majorFaults() + ",");
      BigDecimal rate = BigDecimal.valueOf(row.faultRate()).stripTrailingZeros();
      out.print(rate.toPlainString() + "," + row.workingSet() + "," + row.residentPages() + ",");
      out.print(row.nanoseconds() + "\n");
    }
    out.flush();
  }
}
