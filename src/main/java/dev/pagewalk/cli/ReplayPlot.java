package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.replay.HeatMap;
import dev.pagewalk.machine.replay.Series;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The pictures of a replay over time: fault rate, working set and resident pages, effective access
 * time, and which pages were accessed when.
 *
 * @param series of the replay
 * @param heatMap of the replay
 * @param tau the working set's window, in page accesses
 */
record ReplayPlot(Series series, HeatMap heatMap, int tau) {
  private static final String ACCESSES = "accesses";

  /** Which panels a picture may have, by the words of the option. */
  static final List<String> KINDS = List.of("faults", "working-set", "eat", "heat");

  /** Draws panels of these kinds into a file. */
  void write(Path file, List<String> kinds) throws InputException {
    Plot.write(
        file,
        () -> {
          List<Plot.Panel> panels = new ArrayList<>();
          kinds.forEach(kind -> panels.add(panel(kind)));
          return panels;
        });
  }

  private Plot.Panel panel(String kind) {
    return switch (kind) {
      case "faults" -> {
        XYChart chart = Plot.chart("Fault rate", ACCESSES, "faults an access");
        add(chart, "fault rate", Series.Row::faultRate);
        yield painted(chart);
      }
      case "working-set" -> {
        String title =
            "Working set of the last %,d page accesses, and resident pages".formatted(tau);
        XYChart chart = Plot.chart(title, ACCESSES, "pages");
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.InsideN);
        add(chart, "working set", Series.Row::workingSet);
        add(chart, "resident", Series.Row::residentPages);
        yield painted(chart);
      }
      case "eat" -> {
        XYChart chart = Plot.chart("Effective access time", ACCESSES, "ns");
        add(chart, "effective access time", row -> row.nanoseconds().doubleValue());
        yield painted(chart);
      }
      default -> new HeatMapPanel(heatMap);
    };
  }

  private static Plot.Panel painted(XYChart chart) {
    return graphics -> chart.paint(graphics, Plot.WIDTH, Plot.HEIGHT);
  }

  private void add(XYChart chart, String name, ToDoubleFunction<Series.Row> value) {
    double[] x = series.rows().stream().mapToDouble(Series.Row::access).toArray();
    double[] y = series.rows().stream().mapToDouble(value).toArray();
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
  }
}
