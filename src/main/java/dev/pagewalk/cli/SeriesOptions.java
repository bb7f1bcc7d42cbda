package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.CostModel;
import dev.pagewalk.machine.replay.HeatMap;
import dev.pagewalk.machine.replay.ReplayOptions;
import dev.pagewalk.machine.replay.Series;
import dev.pagewalk.machine.replay.WorkingSet;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that ask what happens over time, and the files that tell it. */
final class SeriesOptions {
  private static final int USUAL = 10_000;

  @Option(
      names = "--series",
      paramLabel = "FILE.csv",
      description =
          "writes a line for each interval: faults, working set, resident pages, effective access"
              + " time")
  private Path csv;

  @Option(
      names = "--plot",
      paramLabel = "[KIND,...=]FILE",
      description =
          "draws the replay over time, as PNG or SVG: faults, working-set, eat, heat, or all of"
              + " them below each other; may be given several times")
  private List<String> plots = List.of();

  @Option(
      names = "--interval",
      converter = Interval.class,
      paramLabel = "N",
      description = "accesses of an interval (default: 10000)")
  private int interval = USUAL;

  @Option(
      names = "--tau",
      converter = Tau.class,
      paramLabel = "N",
      description = "window of the working set, in page accesses (default: 10000)")
  private int tau = USUAL;

  private HeatMap heatMap;

  /** Whether anything of it is asked for. */
  boolean isWanted() {
    return csv != null || !plots.isEmpty();
  }

  /**
   * Refuses names of pictures that cannot be made, before anything is replayed.
   *
   * @throws InputException which says what was expected
   */
  void check() throws InputException {
    for (Path file : pictures().keySet()) {
      Plot.check(file);
    }
  }

  /** A series that listens through {@code options}; null if nobody wants it. */
  Series begin(CostModel costs, ReplayOptions options) {
    if (!isWanted()) {
      return null;
    }
    heatMap = plots.isEmpty() ? null : new HeatMap();
    Series series = new Series(costs, tau, heatMap);
    options.listener(series).samples(interval, series);
    return series;
  }

  /** Writes the files that were asked for. */
  void write(Series series) throws IOException {
    if (csv != null) {
      try (BufferedWriter out = Files.newBufferedWriter(csv)) {
        series.csv(out);
      } catch (IOException e) {
        throw InputException.of(csv.toString(), e);
      }
    }
    for (Map.Entry<Path, List<String>> picture : pictures().entrySet()) {
      new ReplayPlot(series, heatMap, tau).write(picture.getKey(), picture.getValue());
    }
  }

  /** The pictures asked for, and the panels of each. */
  private Map<Path, List<String>> pictures() {
    Map<Path, List<String>> pictures = new LinkedHashMap<>();
    for (String plot : plots) {
      int equals = plot.indexOf('=');
      List<String> kinds = equals < 0 ? List.of() : List.of(plot.substring(0, equals).split(","));
      boolean named = !kinds.isEmpty() && ReplayPlot.KINDS.containsAll(kinds);
      Path file = Path.of(named ? plot.substring(equals + 1) : plot);
      pictures.put(file, named ? kinds : ReplayPlot.KINDS);
    }
    return pictures;
  }

  /** The length of an interval. */
  static final class Interval implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return upTo(Integer.MAX_VALUE, text);
    }
  }

  /** The length of a window. */
  static final class Tau implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return upTo(WorkingSet.MOST_TAU, text);
    }
  }

  private static int upTo(int most, String text) {
    long value = Numbers.parse(text, 63);
    if (value < 1 || value > most) {
      throw new TypeConversionException("expected 1 to " + most + ", not " + Failures.quote(text));
    }
    return (int) value;
  }
}
